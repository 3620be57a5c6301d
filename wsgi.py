"""The WSGI entry: ``granian --interface wsgi wsgi:app``, ``gunicorn wsgi:app`` or any other server."""

from storefront.app import create_app

app = create_app()
