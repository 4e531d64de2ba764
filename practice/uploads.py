"""Files that are sent to the house: held in memory, never written to a disk unsealed, and never more of them than we would keep."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class InMemory(FileUploadHandler):
    """The only upload handler there is. Of what is too much, the size is known and the bytes are not kept.

    Whoever is not signed in may send nothing: no page of theirs takes a file.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        signed_in = getattr(getattr(request, "user", None), "is_authenticated", False)
        self.left = settings.UPLOAD_BYTES if signed_in else 0  # of the whole request, however many files it holds

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """A file begins."""
        super().new_file(*args, **kwargs)
        self.kept = BytesIO()
        self.whole = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the next bytes, or let go of the file when they are too many; the rest of the form is read all the same."""
        self.left -= len(raw_data)
        if self.left < 0:
            self.whole = False
            self.kept = BytesIO()
        if self.whole:
            self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file, or an empty one of its true size."""
        self.kept.seek(0)
        return InMemoryUploadedFile(self.kept, self.field_name, self.file_name, self.content_type, file_size, self.charset)
