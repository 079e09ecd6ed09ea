"""Log lines that nobody outside can forge: one record, one line, whatever names and paths it quotes."""

import logging

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_ESCAPED = {n: f"\\x{n:02x}" for n in (*range(32), *range(127, 160))} | {
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


class OneLine(logging.Formatter):
    """Control characters of the message are written out; a traceback of ours keeps its lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).translate(_ESCAPED)
