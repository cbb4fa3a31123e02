"""Square codes (二维码) that lead from a printed table to its page."""

import io

import segno

CORRECTION = "m"  # still read when 15 % of it is stained, as a photocopy may be
QUIET_MODULES = 4  # the border the standard wants around a code


def code_png(address: str, *, scale: int = 8) -> bytes:
    """Return the code of an address as a PNG of `scale` pixels a module, black on white; equal addresses, equal bytes.

    Source: GB/T 18284-2000 (ISO/IEC 18004).
    """
    written = io.BytesIO()
    _code(address).save(written, kind="png", scale=scale, border=QUIET_MODULES)
    return written.getvalue()


def code_svg(address: str) -> str:
    """Return the code of an address as SVG text."""
    written = io.BytesIO()
    _code(address).save(written, kind="svg", border=QUIET_MODULES, xmldecl=False, light="#fff", svgns=True)
    return written.getvalue().decode()


def _code(address: str) -> segno.QRCode:
    return segno.make_qr(address, error=CORRECTION, boost_error=False)
