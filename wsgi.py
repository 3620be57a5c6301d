"""The door for any WSGI server: `wsgi:app`."""

from storefront.app import create_app

app = create_app()
