"""Addresses of messages: the outbox, writing to a customer, his consent, the wordings, and where reports come in."""

from django.urls import path

from yihu.ground.sending.pages import callback, consents, mine, new, outbox, settings, templates

app_name = "sending"

urlpatterns = [
    path("sending/", outbox.listing, name="outbox"),
    path("sending/new/", new.page, name="new"),
    path("notifications/", mine.page, name="mine"),
    path("sending/settings/", settings.page, name="settings"),
    path("sending/templates/", templates.listing, name="templates"),
    path("sending/templates/<slug:code>/", templates.one, name="template"),
    path("sending/drafts/<int:pk>/decide/", templates.decide, name="decide"),
    path("sending/consents/<int:pk>/", consents.page, name="consents"),
    path("sending/consents/<int:pk>/<int:way_pk>/withdraw/", consents.withdraw, name="withdraw"),
    path("sending/reports/<slug:way>/", callback.callback, name="callback"),
    path("sending/<int:pk>/", outbox.message, name="message"),
    path("sending/<int:pk>/cancel/", outbox.cancel, name="cancel"),
    path("sending/<int:pk>/retry/", outbox.retry, name="retry"),
    path("sending/<int:pk>/deal/", outbox.deal, name="deal"),
]
