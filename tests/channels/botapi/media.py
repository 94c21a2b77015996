"""What else people send: voices, pictures, papers, places, numbers, and things nobody asked for."""

from tests.channels.botapi.chats import Chat, Json, Message
from tests.channels.botapi.exchange import Exchange, File
from tests.channels.botapi.rooms import Room

SOUND = b"OggS" + bytes(60)
PICTURE = b"\xff\xd8\xff\xe0" + bytes(60)
PAPER = b"%PDF-1.7\n" + bytes(60)


def _described(file: File) -> Json:
    return {"file_id": file.id, "file_unique_id": f"U{file.id}", "file_size": file.size}


class Sender(Room):
    """Somebody with a phone full of things to send.

    Args:
        user: the User object of the Bot API.

    """

    def __init__(self, exchange: Exchange, place: Chat, user: Json) -> None:
        super().__init__(exchange, place)
        self.user = user

    def _keeps(self, content: bytes, folder: str, ending: str, size: int | None) -> Json:
        with self.exchange.changed:
            return _described(self.exchange.keep(content, folder, ending, size))

    def shares_phone(self, number: str, *, own: bool = True) -> Message:
        """Share a contact: the own number, or one out of the address book."""
        contact: Json = {"phone_number": number, "first_name": self.user["first_name"]}
        if own:
            contact["user_id"] = self.user["id"]
        return self._sends(self.user, "contact", extra={"contact": contact})

    def sends_voice(self, content: bytes = SOUND, *, seconds: int = 3, size: int | None = None) -> Message:
        """Send a voice message; size in bytes plays a big one."""
        voice = self._keeps(content, "voice", ".oga", size)
        return self._sends(
            self.user, "voice", extra={"voice": {**voice, "duration": seconds, "mime_type": "audio/ogg"}}
        )

    def sends_photo(self, content: bytes = PICTURE, *, caption: str = "", size: int | None = None) -> Message:
        """Send a photo; Telegram makes smaller ones of it, the biggest stands last."""
        sizes = []
        for width, part in ((90, content[:32]), (320, content[:48]), (800, content)):
            photo = self._keeps(part, "photos", ".jpg", size if width == 800 else None)
            sizes.append({**photo, "width": width, "height": width * 3 // 4})
        return self._sends(self.user, "photo", caption, {"photo": sizes})

    def sends_document(
        self,
        content: bytes = PAPER,
        *,
        name: str = "证明.pdf",
        type: str = "application/pdf",  # noqa: A002 - what Telegram and everybody calls it
        caption: str = "",
        size: int | None = None,
    ) -> Message:
        """Send a file; size in bytes plays a big one."""
        paper = self._keeps(content, "documents", "", size)
        document = {**paper, "file_name": name, "mime_type": type}
        return self._sends(self.user, "document", caption, {"document": document})

    def sends_location(self, latitude: float = 34.27, longitude: float = 108.95) -> Message:
        """Send a place, degrees."""
        return self._sends(
            self.user, "location", extra={"location": {"latitude": latitude, "longitude": longitude}}
        )

    def sends_sticker(self) -> Message:
        sticker = {
            **self._keeps(b"RIFF" + bytes(60), "stickers", ".webp", None),
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "👍",
        }
        return self._sends(self.user, "sticker", extra={"sticker": sticker})

    def sends_poll(self, question: str = "哪天去？", options: tuple[str, ...] = ("一", "二")) -> Message:
        poll = {
            "id": "5300000000001",
            "question": question,
            "options": [
                {"text": option, "voter_count": 0, "persistent_id": str(number)}
                for number, option in enumerate(options)
            ],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": True,
            "members_only": False,
        }
        return self._sends(self.user, "poll", extra={"poll": poll})

    def sends_video_note(self, *, seconds: int = 5) -> Message:
        note = self._keeps(bytes(64), "video_notes", ".mp4", None)
        return self._sends(
            self.user, "video_note", extra={"video_note": {**note, "length": 240, "duration": seconds}}
        )

    def forwards(self, text: str) -> Message:
        """Pass on words somebody else wrote."""
        other = {"id": 990001, "is_bot": False, "first_name": "阿姨"}
        date = self.exchange.now() - 60
        origin = {"type": "user", "sender_user": other, "date": date}
        return self._sends(
            self.user,
            "text",
            text,
            {"forward_origin": origin, "forward_from": other, "forward_date": date},
        )
