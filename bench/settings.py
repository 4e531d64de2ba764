"""The product's own settings, as in production; only the routes have the bare views beside them."""

from config.settings import *  # noqa: F403  (Django's way of one settings file on top of another)

ROOT_URLCONF = "bench.urls"
