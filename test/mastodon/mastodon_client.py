"""Drives a server with Mastodon.py as its own users would, and believes nothing that it does not read back."""

import datetime
import sys
import threading

import mastodon
from mastodon import Mastodon, StreamListener

from consent import allow

base = sys.argv[1]


def login(account):
    app_id, secret = Mastodon.create_app("a client", api_base_url=base, scopes=["read", "write", "follow"])
    m = Mastodon(client_id=app_id, client_secret=secret, api_base_url=base, ratelimit_method="throw")
    code = allow(m.auth_request_url(scopes=["read", "write", "follow"]), account)
    m.log_in(code=code, scopes=["read", "write", "follow"])
    return m


def fails(kind, call, *words):
    try:
        call()
    except kind as e:
        for w in words:
            assert w in str(e), f"{e!r} lacks {w!r}"
        return
    raise AssertionError(f"{kind.__name__} was expected")


acme, ann = login("acme_help"), login("ann")
me, her = acme.account_verify_credentials(), ann.me()
assert me.acct == "acme_help" and me.display_name == "ACME helps" and isinstance(me.id, int)
assert her.followers_count == 1 and her.following_count == 1
assert acme.app_verify_credentials().name == "a client"

# What the server says of itself.
inst = acme.instance()
assert inst.uri == "social.example" and inst.configuration.statuses.max_characters == 500
assert acme.stream_healthy()
assert acme.ratelimit_limit == 100000 and acme.ratelimit_remaining < 100000 and acme.ratelimit_reset > 0

# A stream, listened to from here on.
class Heard(StreamListener):
    def __init__(self):
        self.seen, self.cond, self.up = [], threading.Condition(), threading.Event()

    def note(self, *what):
        with self.cond:
            self.seen.append(what)
            self.cond.notify_all()

    def handle_heartbeat(self):
        self.up.set()

    def on_notification(self, n):
        self.note("notification", n.type, n.status.id if n.get("status") else None)

    def on_update(self, s):
        self.note("update", s.id)

    def on_status_update(self, s):
        self.note("edit", s.id)

    def on_delete(self, i):
        self.note("delete", int(i))

    def on_unknown_event(self, name, unknown_event=None):
        self.note("unknown", name)

    def wait(self, *what):
        with self.cond:
            assert self.cond.wait_for(lambda: what in self.seen, timeout=20), f"{what} was never streamed; {self.seen}"


heard = Heard()
stream = acme.stream_user(heard, run_async=True)
assert heard.up.wait(20), "the stream never said a word"

# Saying, answering, and both seen by both.
ask = ann.status_post("@acme_help where is my order? #late https://shop.example/a/very/long/address/indeed", language="en")
assert ask.visibility == "public" and ask.mentions[0].acct == "acme_help" and ask.tags[0].name == "late"
assert "invisible" in ask.content and isinstance(ask.created_at, datetime.datetime) and ask.edited_at is None
heard.wait("notification", "mention", ask.id)
heard.wait("update", ask.id)  # acme_help follows her
note = acme.notifications(types=["mention"])[0]
assert note.type == "mention" and note.status.id == ask.id and note.account.acct == "ann"
reply = acme.status_reply(note.status, "it left this morning", visibility="unlisted")
assert reply.in_reply_to_id == ask.id and reply.in_reply_to_account_id == her.id and reply.content.count("@<span>ann") == 1
assert ann.notifications()[0].status.id == reply.id
thread = ann.status_context(ask.id)
assert thread.ancestors == [] and [s.id for s in thread.descendants] == [reply.id]

# The same key is the same status.
one = acme.status_post("said once", idempotency_key="k1")
assert acme.status_post("said once", idempotency_key="k1").id == one.id
assert acme.status_post("said once", idempotency_key="k2").id != one.id

# Private is private.
alone = ann.status_post("for nobody's eyes", visibility="direct", idempotency_key="alone")
assert alone.visibility == "direct" and not alone.mentions and ann.status(alone.id).id == alone.id
fails(mastodon.MastodonNotFoundError, lambda: acme.status(alone.id))
ann.status_delete(alone.id)
fails(mastodon.MastodonNotFoundError, lambda: ann.status(alone.id))

secret = ann.status_post("@acme_help my number is 1", visibility="direct")
fails(mastodon.MastodonNotFoundError, lambda: Mastodon(api_base_url=base).status(secret.id))
talk = acme.conversations()[0]
assert talk.last_status.id == secret.id and talk.unread and talk.accounts[0].acct == "ann"
acme.conversations_read(talk.id)
assert not acme.conversations()[0].unread
assert secret.id not in [s.id for s in acme.timeline_public()]

# Edits and deletions.
ann.status_update(ask.id, "@acme_help where is my order 7?")
heard.wait("edit", ask.id)
assert acme.status(ask.id).edited_at is not None and len(acme.status_history(ask.id)) == 2
assert ann.status_source(ask.id).text == "@acme_help where is my order 7?"
ann.status_delete(ask.id)
heard.wait("delete", ask.id)
fails(mastodon.MastodonNotFoundError, lambda: acme.status(ask.id))
assert acme.status(reply.id).in_reply_to_id is None

# Pictures.
png = b"\x89PNG\r\n\x1a\n" + b"0" * 100
media = acme.media_post(png, mime_type="image/png", description="a hinge")
assert media.url is None and media.description == "a hinge"
fails(mastodon.MastodonAPIError, lambda: acme.status_post("too soon", media_ids=media), "processing")
for _ in range(10):
    media = acme.media(media)
    if media.url:
        break
media = acme.media_update(media, description="a broken hinge")
shown = acme.status_post("look", media_ids=media)
assert shown.media_attachments[0].description == "a broken hinge"

# Paging, in all directions, over more than a page.
for k in range(45):
    ann.status_post(f"@acme_help number {k}")
newest = acme.notifications(types=["mention"], limit=20)
assert len(newest) == 20 and "number 44" in newest[0].status.content
assert len(acme.fetch_remaining(newest)) >= 46
first = acme.fetch_remaining(newest)[-1]
after = acme.notifications(types=["mention"], min_id=first.id, limit=5)
assert "number 3" in after[0].status.content or "number 4" in after[0].status.content, after[0].status.content
assert "number 44" in acme.notifications(types=["mention"], since_id=first.id, limit=5)[0].status.content
back = acme.fetch_previous(after)
assert back[-1].id > after[0].id
assert len(acme.account_statuses(her.id, limit=40)) == 40

# Finding.
assert acme.account_lookup("ann").id == her.id and acme.account_search("ann")[0].id == her.id
found = acme.search("number 17", result_type="statuses")
assert found.statuses and "number 17" in found.statuses[0].content
assert ann.timeline_hashtag("late") == []
tagged = ann.status_post("what a day #Hinges")
assert acme.timeline_hashtag("hinges")[0].id == tagged.id
assert acme.timeline_home()[0].id == tagged.id

# Likes, boosts, follows.
assert acme.status_favourite(tagged.id).favourited and acme.status_reblog(tagged.id).reblog.id == tagged.id
assert {n.type for n in ann.notifications(limit=2)} == {"favourite", "reblog"}
assert acme.status_favourited_by(tagged.id)[0].acct == "acme_help"
assert not acme.status_unfavourite(tagged.id).favourited and not acme.status_unreblog(tagged.id).reblogged
assert ann.account_unfollow(me.id).following is False and ann.account_follow(me.id).following is True

# Refusals, in the server's words.
fails(mastodon.MastodonAPIError, lambda: acme.status_post("a" * 501), "422", "character limit of 500 exceeded")
fails(mastodon.MastodonAPIError, lambda: acme.status_post(""), "422", "Validation failed")
fails(mastodon.MastodonNotFoundError, lambda: acme.status_post("x", in_reply_to_id=1))
fails(mastodon.MastodonNotFoundError, lambda: acme.status_delete(tagged.id))
fails(mastodon.MastodonUnauthorizedError, lambda: Mastodon(access_token="wrong", api_base_url=base).me(), "The access token is invalid")
narrow_id, narrow_secret = Mastodon.create_app("narrow", api_base_url=base, scopes=["read"])
narrow = Mastodon(client_id=narrow_id, client_secret=narrow_secret, api_base_url=base)
narrow.log_in(code=allow(narrow.auth_request_url(scopes=["read"]), "ann"), scopes=["read"])
fails(mastodon.MastodonAPIError, lambda: narrow.toot("x"), "403", "outside the authorized scopes")

stream.close()
ann.revoke_access_token()
fails(mastodon.MastodonAPIError, lambda: ann.me())
print("Mastodon.py", mastodon.__name__, "found nothing odd")
