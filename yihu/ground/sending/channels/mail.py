"""邮件 over Django's e-mail backend. A mail server cannot be asked later: what is in doubt is not sent a second time."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping

from django.conf import settings
from django.core.mail import EmailMessage

from yihu.ground.sending.channels.words import Answer, BadReport, Letter, Outcome, Report


class Mail:
    asks = False

    def send(self, letter: Letter) -> Answer:
        sender = settings.YIHU_MAIL_FROM
        number = f"<{letter.token}@{sender.rpartition('@')[2]}>"
        mail = EmailMessage(letter.subject, letter.text, sender, [letter.to], headers={"Message-ID": number})
        try:
            mail.send(fail_silently=False)
        except smtplib.SMTPRecipientsRefused:
            return Answer(Outcome.REFUSED, why="邮件服务器不认这个地址")
        except (smtplib.SMTPConnectError, smtplib.SMTPHeloError, ConnectionRefusedError):
            return Answer(Outcome.BUSY, why="连不上邮件服务器")
        except smtplib.SMTPAuthenticationError:
            return Answer(Outcome.BUSY, why="邮件服务器不认我们的口令")
        except smtplib.SMTPResponseException as error:
            busy = 400 <= error.smtp_code < 500
            return Answer(Outcome.BUSY if busy else Outcome.REFUSED, why=f"邮件服务器答 {error.smtp_code}")
        except (OSError, smtplib.SMTPException):
            return Answer(Outcome.UNKNOWN, why="邮件服务器没有答复")
        return Answer(Outcome.ACCEPTED, number)

    def ask(self, token: str) -> Answer:
        return Answer(Outcome.UNKNOWN, why="邮件无法查询是否送到")

    def reports(self, headers: Mapping[str, str], body: bytes) -> list[Report]:
        raise BadReport("mail has no reports")
