"""The fixed cast of the tests, made with plain models, each of them when first asked for."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from yihu.ground.estate.models import Building, Cluster, Community, Occupancy, Party, Unit
from yihu.ground.staff.codes import DEPARTMENT_NAMES, USUAL_DEPARTMENT
from yihu.ground.staff.models import Account, Department, Post

PASSWORD = "Ceshi-2026-mima"
LONG_AGO = date(2020, 1, 1)


class Cast:
    """王客服, 李主管, 高经理, 项经理, 龚工, 陈维修, 赵业主, 林前台 and 路人."""

    @cached_property
    def yunqi(self) -> Community:
        return Community.objects.create(name="云栖苑", code="YQ")

    @cached_property
    def qinghe(self) -> Community:
        return Community.objects.create(name="青禾创意园", code="QH")

    @cached_property
    def home(self) -> Unit:
        cluster = Cluster.objects.create(community=self.yunqi, code="A", name="A组团")
        building = Building.objects.create(community=self.yunqi, cluster=cluster, code="A1", name="A1栋")
        return Unit.objects.create(community=self.yunqi, cluster=cluster, building=building, entrance="1", room="0101")

    @cached_property
    def owner(self) -> Party:
        party = Party.objects.create(community=self.yunqi, name="赵业主", phone="13800138112")
        Occupancy.objects.create(unit=self.home, party=party, role="owner", from_on=LONG_AGO)
        return party

    @cached_property
    def wang(self) -> Account:
        return self.person("wang", "王客服", "receptionist")

    @cached_property
    def li(self) -> Account:
        return self.person("li", "李主管", "cs_supervisor")

    @cached_property
    def gao(self) -> Account:
        return self.person("gao", "高经理", "cs_manager")

    @cached_property
    def xiang(self) -> Account:
        return self.person("xiang", "项经理", "project_manager")

    @cached_property
    def gong(self) -> Account:
        return self.person("gong", "龚工", "engineering_head")

    @cached_property
    def chen(self) -> Account:
        return self.person("chen", "陈维修", "technician")

    @cached_property
    def passer(self) -> Account:
        return self.person("passer", "路人")

    @cached_property
    def lin(self) -> Account:
        return self.person("lin", "林前台", "receptionist", community=self.qinghe)

    def person(self, username: str, name: str, *posts: str, community: Community | None = None) -> Account:
        """Somebody else for one test: an account that has signed in before, and holds the posts; once for one name."""
        account = Account.objects.filter(username=username).first()
        if account is None:
            account = Account(username=username, name=name, must_change_password=False)
            account.set_password(PASSWORD)
            account.save()
        held = set(account.posts.filter(community=community or self.yunqi).values_list("code", flat=True))
        for code in posts:
            if code not in held:
                self.appoint(account, code, community or self.yunqi)
        return account

    def appoint(self, account: Account, code: str, community: Community) -> Post:
        usual = USUAL_DEPARTMENT[code]
        department = None
        if usual:
            department, _ = Department.objects.get_or_create(
                community=community, code=usual, defaults={"name": DEPARTMENT_NAMES[usual]}
            )
        return Post.objects.create(
            account=account, community=community, code=code, department=department, from_on=LONG_AGO
        )

    def unit(self, room: str, entrance: str = "1") -> Unit:
        """Another home in the same building."""
        here = self.home
        return Unit.objects.create(
            community=here.community, cluster=here.cluster, building=here.building, entrance=entrance, room=room
        )
