"""Files of a request, taken in whole or refused with a sentence."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from changai.core.errors import Unreadable


def uploaded_files(request: HttpRequest, *, most: int, name: str = "file") -> list[tuple[str, bytes]]:
    """Return name and bytes of each file uploaded under `name`, at least one.

    :raises Unreadable: when there is none, one is empty or too large, or there are more than `most`
    """
    files = [file for file in request.FILES.getlist(name) if isinstance(file, UploadedFile)]
    if not files:
        raise Unreadable("请选择要上传的文件。")
    if len(files) > most:
        raise Unreadable(f"一次最多上传 {most} 个文件，请分次上传。")
    if sum(file.size or 0 for file in files) > settings.UPLOAD_LIMIT_BYTES:
        raise Unreadable(f"文件超过 {settings.UPLOAD_LIMIT_BYTES // 2**20} MB，没有接收。")
    taken = [((file.name or "")[:200], file.read()) for file in files]
    for called, content in taken:
        if not content:
            raise Unreadable(f"{called}：文件为空，请检查后重新上传。")
    return taken
