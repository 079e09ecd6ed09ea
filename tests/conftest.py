"""For every test: examples are judged by what they do, never by how long a busy machine takes over them."""

from hypothesis import HealthCheck, settings

settings.register_profile("rembug", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rembug")
