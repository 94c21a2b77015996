"""Files that are sent from the page: what they are, how large they may be, that they never touch the disk."""

import tempfile
from typing import Any

import pytest
from sqlmodel import select

from bot.channels.web import receiving
from bot.channels.web.posted import kind_of
from bot.channels.web.receiving import FORM_LIMIT
from storage.tables import StoredFile
from tests.channels.web.conftest import Service
from tests.channels.web.handset import Handset

VOICE = b"OggS" + b"\x00" * 3000


@pytest.fixture
def asked(handset: Handset) -> Handset:
    """A phone that is asked for words or a voice message."""
    handset.open().tap("plain").tap("self").press(act="help").tap("call_me")
    assert [attrs["name"] for attrs in handset.page.all("input") if attrs.get("type") == "file"] == ["file"]
    return handset


def send(handset: Handset, body: bytes, name: str = "我说的.ogg", **fields: str) -> Handset:
    files = {"file": (name, body, "application/octet-stream")}
    response = handset.client.post("/answer", data={**handset.page.hidden, **fields}, files=files)
    return handset._took(response)


def stored(service: Service) -> list[StoredFile]:
    return service.runner.desk.read(lambda session: list(session.exec(select(StoredFile)).all()))


def test_a_voice_message_is_an_answer_and_is_kept(service: Service, asked: Handset) -> None:
    send(asked, VOICE)
    assert asked.asking == "我们怎么找您？"
    kept = stored(service)
    assert [(file.kind, file.mime, file.size, file.name, file.body) for file in kept] == [
        ("voice", "audio/ogg", len(VOICE), "我说的.ogg", VOICE)
    ]


def test_the_same_file_sent_twice_is_kept_once(service: Service, asked: Handset) -> None:
    page = asked.page
    send(asked, VOICE)
    asked.page = page
    send(asked, VOICE)
    assert len(stored(service)) == 1
    assert asked.asking == "我们怎么找您？"


def test_a_file_that_is_no_answer_here_is_not_kept(service: Service, asked: Handset) -> None:
    send(asked, b"%PDF-1.7 ...", "paper.ogg")
    assert stored(service) == []
    assert asked.page.words("title").startswith("错误：")


def test_words_are_an_answer_where_no_file_was_chosen(asked: Handset) -> None:
    send(asked, b"", "", say="我要人帮忙", act="send")
    assert asked.asking == "我们怎么找您？"


def test_a_way_out_counts_although_a_file_was_chosen(service: Service, asked: Handset) -> None:
    send(asked, VOICE, tap="later")
    assert stored(service) == []
    assert asked.asking == "我们怎么找您？"


def test_back_goes_back_although_a_file_was_chosen(service: Service, asked: Handset) -> None:
    send(asked, VOICE, act="back")
    assert stored(service) == []
    assert asked.asking == "有人可以帮您。您想怎么办？"


def test_a_file_is_never_written_to_the_disk(asked: Handset, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a file touched the disk")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    send(asked, b"OggS" + bytes(3 * 1024 * 1024))
    assert asked.asking == "我们怎么找您？"


def test_many_files_at_once_wait_for_room(asked: Handset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "HELD_OF_ALL", 1000)
    send(asked, VOICE + bytes(FORM_LIMIT))
    assert asked.status == 503
    monkeypatch.undo()
    send(asked.open(), VOICE)
    assert asked.asking == "我们怎么找您？"


@pytest.mark.parametrize(
    ("body", "said", "kind", "mime"),
    [
        (b"\xff\xd8\xff\xe0", "", "photo", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "", "photo", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "", "photo", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "", "voice", "audio/wav"),
        (b"\x00\x00\x00\x18ftypheic", "", "photo", "image/heic"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4", "voice", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4", "document", "video/mp4"),
        (b"#!AMR\n", "", "voice", "audio/amr"),
        (b"%PDF-1.4", "image/jpeg", "document", "application/pdf"),
        (b"<script>", "image/png", "document", "application/octet-stream"),
        (b"", "", "document", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_bytes_say(body: bytes, said: str, kind: str, mime: str) -> None:
    assert kind_of(body, said) == (kind, mime)


def test_a_name_loses_its_folders_and_what_cannot_be_seen(service: Service, asked: Handset) -> None:
    send(asked, VOICE, "C:\\Users\\me\\..\\声音\u202e.ogg")
    assert [file.name for file in stored(service)] == ["声音.ogg"]
