"""Deliberately broken: the web without its patience. It waits for Redis and for the database as long as they please."""

from __future__ import annotations

from importlib import import_module

from audit import patience
from config.wsgi import application as application
from practice.actions import outbox

patience.LONGEST = patience.SLOW = float("inf")
outbox.QUIET = 0
import_module("config.celery").app.conf.broker_transport_options = {"visibility_timeout": 3600}
