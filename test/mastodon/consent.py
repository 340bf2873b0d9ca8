"""What a person does in the browser when a client asks to be let in: looks at the page and presses the button."""

import re
from urllib.parse import parse_qsl, urlsplit

import requests


def allow(address, account):
    """Allows the client that sent us to address to act as account. Returns the code shown."""
    page = requests.get(address)
    assert page.status_code == 200, page.text
    assert "Authorize" in page.text, page.text
    parts = urlsplit(address)
    form = dict(parse_qsl(parts.query), account=account, decision="approve")
    done = requests.post(f"{parts.scheme}://{parts.netloc}/oauth/authorize", data=form)
    found = re.search(r"<code>([^<]+)</code>", done.text)
    assert found, done.text
    return found.group(1)
