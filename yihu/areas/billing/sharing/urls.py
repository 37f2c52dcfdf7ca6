"""Addresses beside the generic pages of the registers."""

from yihu.areas.billing.sharing.pages.terms import TERMS

app_name = "sharing"

urlpatterns = [*TERMS.urls()]
