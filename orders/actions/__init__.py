"""Everything that changes an order: the cart, the checkout, and the way to a card."""

from orders.actions.adding import add_people, add_who_can, replace_faulty
from orders.actions.awaiting import (
    do_not_order_when_met,
    order_when_met,
    review_when_met,
)
from orders.actions.cart import (
    attach,
    detach,
    judge_draft,
    open_cart,
    recheck,
    remove_line,
    set_delivery,
)
from orders.actions.checkout import (
    begin_payment,
    missing_in,
    missing_in_order,
    return_to_cart,
    stop_paying,
    submit,
    ways_to_pay,
)
from orders.actions.invoicing import buyer_of
from orders.actions.merging import merge_person
from orders.actions.naming import name_lines
from orders.actions.progress import (
    approve_line,
    clear,
    issue_line,
    pay_idle_postage_back,
    refuse_line,
    release_line,
    withdraw_line,
)
from orders.actions.promising import note_met
from orders.actions.readdressing import change_address
from orders.actions.seeking import seek_person
from orders.actions.staff import (
    ask_more_about_staff,
    check_staff,
    forget_staff,
    judge_anew_later,
    judge_for_today,
    judge_staff,
    read_staff,
    tell_of_silence_about_staff,
)
from orders.actions.surnames import state_surname
from orders.actions.telling import note_validity, tell_company, tell_of_suspended_access

__all__ = [
    "add_people",
    "add_who_can",
    "approve_line",
    "ask_more_about_staff",
    "attach",
    "begin_payment",
    "buyer_of",
    "change_address",
    "check_staff",
    "clear",
    "detach",
    "do_not_order_when_met",
    "forget_staff",
    "issue_line",
    "judge_anew_later",
    "judge_draft",
    "judge_for_today",
    "judge_staff",
    "merge_person",
    "missing_in",
    "missing_in_order",
    "name_lines",
    "note_met",
    "note_validity",
    "open_cart",
    "order_when_met",
    "pay_idle_postage_back",
    "read_staff",
    "recheck",
    "refuse_line",
    "release_line",
    "remove_line",
    "replace_faulty",
    "return_to_cart",
    "review_when_met",
    "seek_person",
    "set_delivery",
    "state_surname",
    "stop_paying",
    "submit",
    "tell_company",
    "tell_of_silence_about_staff",
    "tell_of_suspended_access",
    "ways_to_pay",
    "withdraw_line",
]
