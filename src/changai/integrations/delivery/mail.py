"""E-mail through the server the environment names."""

import hashlib
import smtplib
import ssl
from email.utils import formatdate

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from changai.foundation.notices.models import Delivery
from changai.integrations.delivery.channels import NotSent, Unknown
from changai.integrations.delivery.wording import letter_of


def send_mail(delivery: Delivery) -> None:
    """Hand one message to the mail server. The same message has the same Message-ID however often it is sent.

    :raises NotSent: when the server did not take it
    :raises Unknown: when the connection broke while it was taking it
    """
    if not settings.EMAIL_ON:
        raise NotSent("邮件没有开通")
    message = EmailMessage(
        delivery.subject,
        letter_of(delivery),
        settings.DEFAULT_FROM_EMAIL,
        [delivery.recipient],
        connection=get_connection(timeout=20),
        headers={"Message-ID": message_id(delivery), "Date": formatdate(delivery.created_at.timestamp())},
    )
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, ValueError) as fault:
        raise NotSent(f"邮件服务器不接受该收件人：{fault}", is_final=True) from fault
    except smtplib.SMTPServerDisconnected as fault:
        raise Unknown("邮件服务器中途断开") from fault
    except (smtplib.SMTPException, ssl.SSLError, OSError) as fault:
        raise NotSent(f"邮件服务器没有接收：{fault}") from fault


def message_id(delivery: Delivery) -> str:
    """Return the Message-ID of a message."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    return f"<{hashlib.sha256(delivery.key.encode()).hexdigest()[:32]}@{domain}>"
