"""减免、退款、红冲、退押金的申请；收费日报与结账。Money moves only through ``ground/ledger``, when another person agrees."""
