"""Staff, kept by admins: who works here, in which roles, until when, supervised by whom."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit.doors import changes, lists, reads
from practice import access
from practice.actions import factors, invitations, staff, supervision
from practice.factors import reauthenticated
from practice.forms.staff import InviteForm, LeaveForm, RolesForm, SupervisionForm
from practice.models import FactorReset, Invitation, Practice, Supervision, User


@lists(access.staff, within=access.governed_practice)
def staff_list(request: HttpRequest, practice: Practice, people: QuerySet[User]) -> HttpResponse:
    """Everyone who works or worked here, and the invitations under way."""
    invited = access.invitations(request.user).filter(used_at=None, withdrawn_at=None)
    shown = sorted(people, key=lambda person: (person.has_left, person.name.casefold()))
    return render(request, "practice/staff_list.html", {"people": shown, "invitations": invited})


@changes(access.governed_practice)
@reauthenticated
def staff_invite(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Invite somebody by mail."""
    form = InviteForm(request.POST or None)
    if not form.is_valid():
        return render(request, "practice/staff_invite.html", {"form": form})
    invitations.invite(**form.cleaned_data, by=_me(request))
    messages.success(request, "The invitation is on its way. Its link works for 7 days.")
    return redirect("staff_list")


@changes(access.invitations)
def invitation_withdraw(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Take an invitation back."""
    if request.method != "POST":
        return render(request, "practice/invitation_withdraw.html", {"invitation": invitation})
    invitations.withdraw(invitation, by=_me(request))
    messages.success(request, "The link no longer works.")
    return redirect("staff_list")


@reads(access.staff)
def staff_detail(request: HttpRequest, person: User) -> HttpResponse:
    """One person of the staff: roles, leaving date, supervision, second factor."""
    about_them = Q(supervisor=person) | Q(supervisee=person)
    page = {
        "person": person,
        "is_me": person.pk == request.user.pk,
        "supervisions": access.supervisions(request.user).filter(about_them).select_related("supervisor", "supervisee"),
        "reset": factors.open_resets(person).first(),
    }
    return render(request, "practice/staff_detail.html", page)


@changes(access.staff)
@reauthenticated
def staff_roles(request: HttpRequest, person: User) -> HttpResponse:
    """Change roles and credentials."""
    form = RolesForm(request.POST or None, initial={"roles": person.roles, "credentials": person.credentials})
    if not form.is_valid():
        return render(request, "practice/staff_roles.html", {"form": form, "person": person})
    staff.set_roles(person, form.cleaned_data["roles"], by=_me(request), credentials=form.cleaned_data["credentials"])
    messages.success(request, "Roles are changed. They sign in again to see the new menu.")
    return redirect("staff_detail", pk=person.pk)


@changes(access.staff)
@reauthenticated
def staff_leave(request: HttpRequest, person: User) -> HttpResponse:
    """Set the moment at which access ends, or take it back while it has not come."""
    if request.method == "POST" and "stay" in request.POST:
        staff.stay(person, by=_me(request))
        return redirect("staff_detail", pk=person.pk)
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "practice/staff_leave.html", {"form": form, "person": person})
    staff.leave(person, form.cleaned_data["at"], by=_me(request))
    messages.success(request, "Access has ended." if person.has_left else "Access ends at that minute.")
    return redirect("staff_detail", pk=person.pk)


@changes(access.staff)
@reauthenticated
def supervision_begin(request: HttpRequest, supervisee: User) -> HttpResponse:
    """Choose who supervises this person from now on."""
    form = SupervisionForm(request.POST or None, supervisee=supervisee)
    if not form.is_valid():
        return render(request, "practice/supervision_begin.html", {"form": form, "person": supervisee})
    supervision.begin(supervisee, form.cleaned_data["supervisor"], by=_me(request))
    messages.success(request, "Supervision begins now, and the care teams follow.")
    return redirect("staff_detail", pk=supervisee.pk)


@changes(access.supervisions)
@reauthenticated
def supervision_end(request: HttpRequest, row: Supervision) -> HttpResponse:
    """End a supervision now."""
    if request.method != "POST":
        return render(request, "practice/supervision_end.html", {"supervision": row})
    supervision.end(row, by=_me(request))
    messages.success(request, "Supervision has ended, and the care teams follow.")
    return redirect("staff_detail", pk=row.supervisee_id)


@changes(access.staff)
@reauthenticated
def factor_reset_begin(request: HttpRequest, person: User) -> HttpResponse:
    """Ask for the removal of a lost second factor; a waiting time begins."""
    if request.method != "POST":
        return render(request, "practice/factor_reset_begin.html", {"person": person})
    factors.ask_for_reset(person, by=_me(request))
    messages.success(request, "The waiting time has begun. Come back in a day to confirm.")
    return redirect("staff_detail", pk=person.pk)


@changes(access.factor_resets)
@reauthenticated
def factor_reset_finish(request: HttpRequest, reset: FactorReset) -> HttpResponse:
    """After the waiting time: remove the second factor."""
    if request.method != "POST":
        return render(request, "practice/factor_reset_finish.html", {"reset": reset})
    factors.finish_reset(reset, by=_me(request))
    messages.success(request, "The second step is removed. They set up a new one when they sign in.")
    return redirect("staff_detail", pk=reset.person_id)


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
