"""Logs: one JSON object a line, with whatever the context bound (request, store)."""

import structlog


def write_json_logs() -> None:
    """Set structlog up for this process; values are escaped by the JSON renderer."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
