"""The rules where the database hides nothing: who stands for somebody in the portal, and whoever is denied. Each row lacks one thing."""

from __future__ import annotations

import datetime

from audit import clock
from clients import actions as clients
from clients.models import Client, ClientPermission, Codename, Representative
from consent import access, actions
from consent.actions.asking import Named
from consent.models import Signer, Version
from practice.models import User
from practice.roles import Role
from tests.cast import acting, person
from tests.committed import House
from tests.superuser import as_superuser

from .papers import asked, form_in_force
from .releases import release

DAY = datetime.timedelta(days=1)


def stands_for(client: Client, user: User, by: User) -> Representative:
    """``user`` has authority for ``client`` that does not end, and an account that says so."""
    with acting(by):
        row = clients.add_representative(client, by=by, relation="parent", name=user.name, authority="parent", since=clock.now())
        clients.give_portal(client, user, by=by, representative=row)
        return Representative.objects.get(pk=row.pk)


def paper(client: Client, who: Representative, version: Version, by: User) -> Signer:
    """The place of ``who`` on a paper of ``client``."""
    signer: Signer = asked(client, by, version, Named(client, Signer.Capacity.GUARDIAN, who)).signers.get()
    return signer


def test_rg_12_a_representative_signs_by_the_authority_the_paper_names_for_that_client_while_it_lasts(own_db: str) -> None:
    ana, gus, petra = person("Ana Reyes", Role.COUNSELOR), person("Gus Aldana", Role.REPRESENTATIVE), person("Petra", Role.REPRESENTATIVE)
    with acting(ana):
        mia, lia = (clients.take_in(by=ana, counselor=ana, kind="minor", given_name=name, family_name="Aldana") for name in ("Mia", "Lia"))
    version = form_in_force()
    now, over, ahead, other = (stands_for(client, gus, ana) for client in (mia, mia, mia, lia))
    stands_for(lia, petra, ana)
    with acting(ana):
        signers = [paper(client, who, version, ana) for client, who in ((mia, now), (mia, over), (mia, ahead), (lia, other))]
    with as_superuser(), acting(gus):
        assert {*access.own_signers(gus)} == {*signers}
        Representative.objects.filter(pk=over.pk).update(until=clock.now())
        Representative.objects.filter(pk=ahead.pk).update(since=clock.now() + DAY)
        ClientPermission.objects.filter(content_object=lia, user=gus).update(until=clock.now())
        assert live(lia, Codename.PORTAL_REPRESENT) == {petra.pk}
        assert {*access.own_signers(gus)} == {signers[0]}


def live(client: Client, codename: Codename) -> set[object]:
    return {*access.live_grants([codename]).filter(content_object=client).values_list("user", flat=True)}


def test_whoever_is_denied_reads_no_release_no_ending_and_no_notice_of_that_client(house: House) -> None:
    ana, sofia, dee, cleo = house.ana, house.sofia, house.dee, house.cleo
    allowed, notice = release(cleo, ana), form_in_force("notice", title="Notice")
    put_off = actions.Delivery("emergency", "paper", reason="They were brought to hospital.")
    with acting(ana):
        actions.cancel(allowed, by=ana)
        actions.record_notice(cleo, notice, put_off, by=ana)
    with acting(house.ben):
        others = actions.record_notice(house.bruno, notice, put_off, by=house.ben)
    with acting(sofia):
        assert access.release_of(sofia, allowed)
        assert access.ending_of(sofia, allowed)
    with acting(dee):
        assert access.notices_to_give(dee).count() == 2
    with acting(ana):
        for each in (sofia, dee):
            clients.deny(cleo, each, by=ana, reason="They are cousins.")
    with as_superuser(), acting(sofia):
        assert access.release_of(sofia, allowed) is None
        assert access.ending_of(sofia, allowed) is None
        assert {*access.notices_to_give(dee)} == {others}
