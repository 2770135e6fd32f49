"""The jobs that may be rung for, by name, and the queue each waits in.

Services know only these names; the functions live in `jobs/`, which call services. So there is no circle.
"""

from enum import StrEnum


class QueueName(StrEnum):
    """One worker process reads exactly one queue: a worker of two loses a popped job when killed."""

    KUSTOMER = "kustomer"
    MAIL = "mail"
    MEDIA = "media"
    VIDEO = "video"
    FILES = "files"


class JobName(StrEnum):
    """Where RQ finds the function."""

    SEND_REVIEW_TO_KUSTOMER = "reviews_app.jobs.send_review_to_kustomer.send_review_to_kustomer"
    CONTINUE_BULK_SEND = "reviews_app.jobs.continue_bulk_send.continue_bulk_send"
    SEND_MAIL = "reviews_app.jobs.send_mail.send_mail"
    CHECK_SENDER = "reviews_app.jobs.check_sender.check_sender"
    ENCODE_LOGO = "reviews_app.jobs.encode_logo.encode_logo"
    DRAW_PRODUCT_PICTURE = "reviews_app.jobs.draw_product_picture.draw_product_picture"
    DRAW_FOR_MAIL = "reviews_app.jobs.draw_for_mail.draw_for_mail"
    PROCESS_MEDIA = "reviews_app.jobs.process_media.process_media"
    PROCESS_VIDEO = "reviews_app.jobs.process_video.process_video"
    REMOVE_MEDIA = "reviews_app.jobs.remove_media.remove_media"
    CLEAR_OFFER = "reviews_app.jobs.remove_media.clear_offer"
    TIDY_MEDIA = "reviews_app.jobs.remove_media.tidy_media"
    TAKE_IN_FILE = "reviews_app.jobs.take_in_file.take_in_file"


QUEUE_OF: dict[JobName, QueueName] = {
    JobName.SEND_REVIEW_TO_KUSTOMER: QueueName.KUSTOMER,
    JobName.CONTINUE_BULK_SEND: QueueName.KUSTOMER,
    JobName.SEND_MAIL: QueueName.MAIL,
    JobName.CHECK_SENDER: QueueName.MAIL,
    JobName.ENCODE_LOGO: QueueName.MEDIA,
    JobName.DRAW_PRODUCT_PICTURE: QueueName.MEDIA,
    JobName.DRAW_FOR_MAIL: QueueName.MEDIA,
    JobName.PROCESS_MEDIA: QueueName.MEDIA,
    JobName.PROCESS_VIDEO: QueueName.VIDEO,
    JobName.REMOVE_MEDIA: QueueName.MEDIA,
    JobName.CLEAR_OFFER: QueueName.MEDIA,
    JobName.TIDY_MEDIA: QueueName.MEDIA,
    JobName.TAKE_IN_FILE: QueueName.FILES,
}

# Seconds. A mail job goes on for 20 s and its last mail may take 100 s: below the 150 s lease.
# A Kustomer job goes on with due rows for 10 s and one call may take 15 s: below the 60 s lease.
TIME_LIMIT: dict[JobName, int] = {
    JobName.SEND_REVIEW_TO_KUSTOMER: 30,
    JobName.CONTINUE_BULK_SEND: 30,
    JobName.SEND_MAIL: 140,
    JobName.CHECK_SENDER: 60,
    JobName.ENCODE_LOGO: 60,
    JobName.DRAW_PRODUCT_PICTURE: 60,
    JobName.DRAW_FOR_MAIL: 60,
    JobName.PROCESS_MEDIA: 60,
    JobName.PROCESS_VIDEO: 420,
    JobName.REMOVE_MEDIA: 60,
    JobName.CLEAR_OFFER: 60,
    JobName.TIDY_MEDIA: 3600,
    JobName.TAKE_IN_FILE: 180,
}
