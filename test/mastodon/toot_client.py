"""Drives a server with toot, the command line client, as a person at a terminal would."""

import re
import subprocess
import sys

from consent import allow

base = sys.argv[1]
host = base.removeprefix("http://")


def toot(*args, stdin=""):
    done = subprocess.run(["/usr/bin/toot", *args, "--no-color"], input=stdin, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"toot {' '.join(args)}: {done.stdout}{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def login(account):
    """toot login prints an address, waits for a code, and is given the one that the page shows."""
    p = subprocess.Popen(["/usr/bin/toot", "login", "--no-color", "--instance", host, "--disable-https"],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1)
    said = ""
    while "/oauth/authorize" not in said:
        line = p.stdout.readline()
        assert line, said
        said += line
    address = re.search(r"\S+/oauth/authorize\S*", said).group(0)
    rest, _ = p.communicate("n\n" + allow(address, account) + "\n", timeout=60)
    assert "Successfully logged in" in rest, said + rest


def id_of(text):
    found = re.search(r"/(\d{17,19})\b", text) or re.search(r"ID (\d{17,19})", text)
    assert found, text
    return found.group(1)


for account in ("ann", "acme_help"):
    login(account)

assert "ACME helps" in toot("whoami")
assert "A stand-in" in toot("instance", "--disable-https")
assert "@ann" in toot("whois", "ann")

toot("activate", f"ann@{host}")
ask = id_of(toot("post", "@acme_help is anybody there? #help", "--language", "en"))
secret = id_of(toot("post", "@acme_help my number is 1", "--visibility", "direct"))

toot("activate", f"acme_help@{host}")
told = toot("notifications")
assert "Ann" in told and "is anybody there?" in told, told
reply = id_of(toot("post", "@ann yes, we are", "--reply-to", ask, "--visibility", "unlisted"))
thread = toot("thread", ask)
assert "is anybody there?" in thread and "yes, we are" in thread, thread
assert "is anybody there?" in toot("timeline", "--once")
assert "is anybody there?" in toot("timeline", "--once", "--tag", "help")
public = toot("timeline", "--once", "--public")
assert "my number" not in public and "yes, we are" not in public, public
assert "ann" in toot("search", "ann")
toot("favourite", ask)
toot("reblog", ask)
toot("unreblog", ask)
toot("unfavourite", ask)

with open("hinge.png", "wb") as f:
    f.write(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
toot("post", "look", "--media", "hinge.png", "--description", "a hinge")
toot("unfollow", "ann")
toot("follow", "ann")
toot("delete", reply)
assert "yes, we are" not in toot("thread", ask)

toot("activate", f"ann@{host}")
done = subprocess.run(["/usr/bin/toot", "delete", reply, "--no-color"], capture_output=True, text=True)
assert "Record not found" in done.stdout + done.stderr, done.stdout + done.stderr
toot("notifications", "--clear")
assert "No notification" in toot("notifications")
print("toot found nothing odd")
