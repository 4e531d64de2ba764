"""The worker and the beat. Messages are JSON and hold ids only; Redis just wakes the worker up."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init, worker_ready
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("SUBROSA_AS", "worker")

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils.module_loading import import_string

# A page that rings for the worker waits for Redis half a second at most; the worker notices a Redis that is gone without a word.
_PATIENCE = dict.fromkeys(("socket_timeout", "socket_connect_timeout"), 0.5 if settings.PROCESS == "web" else 20)

# What works on the files of one machine, the copies of the seals and the wish for a backup, is done by one worker alone: of several
# machines all but one start theirs with SUBROSA_KEEPER=0, and take the rest (docs/scaling.md).
KEEPER = "keeper"
app = Celery("subrosa")
app.conf.update(
    broker_url=settings.REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host="),
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 3600, "max_retries": 0, "interval_start": 0, **_PATIENCE},
    task_queues=[Queue("celery"), Queue(KEEPER)],
    task_routes=dict.fromkeys(("audit.tasks.seal", "audit.tasks.verify", "upkeep.tasks.ask"), KEEPER),
    task_serializer="json",
    accept_content=["json"],
    result_backend=None,
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    timezone="UTC",
    beat_schedule={
        "heartbeat": {"task": "practice.tasks.heartbeat", "schedule": 10, "options": {"expires": 30}},
        "send due notices": {"task": "practice.tasks.send_due", "schedule": 15, "options": {"expires": 60}},
        "forget old guesses and dead sessions": {"task": "practice.tasks.tidy", "schedule": 3600, "options": {"expires": 3600}},
        "warn of those who come of age": {"task": "clients.tasks.look_ahead", "schedule": 24 * 3600},
        "make adults of those whose day has come": {"task": "clients.tasks.come_of_age", "schedule": 900, "options": {"expires": 900}},
        "seal the trail": {"task": "audit.tasks.seal", "schedule": 30, "options": {"expires": 60}},
        "verify the trail": {"task": "audit.tasks.verify", "schedule": crontab(hour=9, minute=17)},  # UTC: night in North America
        "announce consents that end soon": {"task": "consent.tasks.announce_ends", "schedule": 3600, "options": {"expires": 3600}},
        "end consents whose day has come": {"task": "consent.tasks.end_due", "schedule": 900, "options": {"expires": 900}},
        "ask for a backup": {"task": "upkeep.tasks.ask", "schedule": crontab(minute=40), "options": {"expires": 3600}},
        "look for a late backup": {"task": "upkeep.tasks.watch", "schedule": 900, "options": {"expires": 900}},
        "look through the trail": {"task": "review.tasks.watch", "schedule": 300, "options": {"expires": 300}},
        "begin agreements of supervision": {"task": "supervision.tasks.begin_due", "schedule": 900, "options": {"expires": 900}},
        "remind of the clocks of incidents": {"task": "breaches.tasks.remind", "schedule": 3600, "options": {"expires": 3600}},
        "remind of late reviews": {"task": "review.tasks.remind", "schedule": 3600, "options": {"expires": 3600}},
        "remind of paper that is out": {"task": "paper.tasks.remind", "schedule": 300, "options": {"expires": 300}},
        "remind of training and agreements that end": {"task": "safeguards.tasks.remind", "schedule": 3600, "options": {"expires": 3600}},
        "remind of plans to confirm": {"task": "executor.tasks.remind", "schedule": 3600, "options": {"expires": 3600}},
        "letters about a breach": {"task": "breaches.tasks.letters", "schedule": 30, "options": {"expires": 60}},
        "make bundles, and destroy those that are over": {"task": "moving.tasks.make", "schedule": 30, "options": {"expires": 60}},
        "count how long records are kept": {"task": "retention.tasks.look", "schedule": crontab(hour=8, minute=41)},
        "destroy what two persons let go of": {"task": "retention.tasks.destroy", "schedule": 3600, "options": {"expires": 3600}},
        "make room for the trail": {"task": "audit.tasks.make_partitions", "schedule": 24 * 3600},
    },
)
app.autodiscover_tasks()


@worker_init.connect
def refuse_a_wrong_ring(**kwargs: Any) -> None:
    """A worker started by itself without the right masters says so and ends, as the web does. Celery lets no other exception through."""
    try:
        import_string("vault.checks.refuse_a_wrong_ring")()
    except ImproperlyConfigured as wrong:
        raise SystemExit(f"{wrong}") from wrong
    finally:
        connections.close_all()  # the children make their own


@worker_ready.connect
def seal_at_once(**kwargs: Any) -> None:
    """What was written while no worker ran is sealed, and looked through, as soon as one is there."""
    app.send_task("audit.tasks.seal", expires=60)
    app.send_task("review.tasks.watch", expires=300)
    app.send_task("retention.tasks.look", expires=300)
