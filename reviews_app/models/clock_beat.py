"""When each line of the clock table ran last: how an operator sees that the scheduler lives."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from reviews_app.models.base import Base


class ClockBeat(Base):
    """One line of the table and the moment its transaction began."""

    __tablename__ = "clock_beat"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
