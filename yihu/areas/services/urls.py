"""Addresses of the price list, and of a month's list as a workbook."""

from django.urls import path

from yihu.areas.services.pages import months, prices

app_name = "services"

urlpatterns = [
    path("service-prices/", prices.list_page, name="prices"),
    path("service-prices/new/", prices.new_page, name="new_price"),
    path("service-prices/print/", prices.print_page, name="print_prices"),
    path("service-prices/export/", prices.export, name="export_prices"),
    path("service-prices/<int:pk>/", prices.price_page, name="price"),
    path("service-prices/<int:pk>/edit/", prices.edit_page, name="edit_price"),
    path("service-prices/<int:pk>/approve/", prices.approve_page, name="approve_price"),
    path("service-prices/<int:pk>/refuse/", prices.refuse_page, name="refuse_price"),
    path("service-prices/<int:pk>/stop/", prices.stop_page, name="stop_price"),
    path("service-months/<str:number>/export/", months.export, name="month_export"),
]
