"""What each event sets in motion: the one list of how lower rooms are heard by upper ones.

A listener takes the event's payload as keywords, looks at the state first and may run twice
(`hmskort.common.outbox`).
"""

LISTENERS: dict[str, tuple[str, ...]] = {
    # A message is written in the transaction of its cause and sent here.
    "message:written": ("hmskort.notifications.actions.send",),
    # A register answered: lines that waited for it are judged again, and so are cards.
    "facts:changed": (
        "orders.listeners.judge_lines",
        "cards.listeners.judge_cards",
        "orders.listeners.ask_more_about_staff",
        "orders.delivery.listeners.follow_register",
        "hmskort.desk.listeners.settle",
        "hmskort.accounts.listeners.follow_person",
    ),
    # The same of some hundred subjects, where a register told of so many at once.
    "facts:changed_many": (
        "cards.listeners.judge_cards_of_many",
        "orders.listeners.judge_lines_of_many",
        "orders.listeners.ask_more_about_staff_of_many",
        "orders.delivery.listeners.follow_register_of_many",
        "hmskort.desk.listeners.settle_many",
        "hmskort.accounts.listeners.follow_people",
    ),
    # A register answered neither yes nor no: a caseworker is to look at it.
    "verdict:unclear": ("hmskort.desk.listeners.look_at",),
    # An employer asked how everyone employed stands: Aa-registeret is read.
    "staff:wanted": ("orders.listeners.read_staff",),
    # The same of a list of people that was sent in.
    "import:wanted": ("orders.importing.listeners.read",),
    # Roles changed: those who lead the company are asked about in Altinn again.
    "roles:changed": ("hmskort.accounts.listeners.refresh_accesses",),
    # An employment that had a last day is over: who acts because of it may have left.
    "access:work_ends": ("hmskort.accounts.listeners.follow_work",),
    "access:role_ended": ("hmskort.accounts.listeners.follow_work",),
    "access:suspended": ("orders.listeners.tell_of_suspended_access",),
    # A card kind requires something else from today: its cards and carts are judged again.
    "kind:changed": ("cards.listeners.judge_kind", "orders.kinds.judge_lines"),
    "facts:silent": ("orders.listeners.judge_lines", "orders.listeners.note_silence_about_staff"),
    # Somebody whose account was there before has shown at ID-porten who they are.
    "user:first_at_id_porten": ("hmskort.accounts.orderers.listeners.void_codes",),
    # Two numbers turned out to be one person's: every room goes on with one row.
    "person:merged": (
        "hmskort.accounts.listeners.merge_person",
        "hmskort.accounts.orderers.listeners.merge_person",
        "cards.listeners.merge_person",
        "orders.listeners.merge_person",
        "hmskort.desk.listeners.merge_person",
    ),
    # Files: the automatic check of a portrait runs in a worker.
    # A page of paper was scanned: it is read in a worker.
    "scan:uploaded": ("orders.paper.listeners.read",),
    "evidence:uploaded": ("orders.evidence.listeners.check_portrait",),
    "evidence:checked": ("orders.listeners.clear_checked_lines",),
    # Payment: what the provider says moves the order; what was ordered is captured or released.
    "payment:reserved": ("orders.listeners.submit_paid_order",),
    "payment:failed": ("orders.listeners.return_to_cart",),
    "payment:capture_wanted": ("orders.payments.listeners.capture",),
    "payment:release_wanted": ("orders.payments.listeners.release",),
    "payment:refund_wanted": ("orders.payments.listeners.refund",),
    "payment:heard": ("orders.payments.listeners.heard",),
    "payment:refused": ("orders.listeners.return_refused_line",),
    "payment:captured": ("orders.listeners.issue_paid_line",),
    # Invoices: an order that is over is invoiced; what is credited later has a credit note.
    "order:completed": ("orders.listeners.invoice_completed_order",),
    "payment:credited": ("orders.invoicing.listeners.credit",),
    "document:issued": ("orders.invoicing.listeners.mail", "orders.invoicing.listeners.send"),
    # Review: an approved line is asked for in the registers once more and then paid for.
    "line:approved": ("orders.listeners.clear_line",),
    # What costs nothing waits for no payment.
    "line:free": ("orders.listeners.issue_free_line",),
    # Postage is given back for many orders, some at a time.
    "correction:begun": ("orders.crediting.listeners.correct_some",),
    # Cards with a fault are replaced, order by order.
    "recall:begun": ("orders.recalls.listeners.replace",),
    # The last day on which a card was to be in the post is over: what has not gone is half price.
    "order:promise_ended": ("orders.crediting.listeners.credit_late_cards",),
    # Cards: what is issued is produced; what is produced is sent.
    "card:issued": ("cards.production.listeners.plan",),
    # A letter's address was changed: it is printed anew.
    "shipment:readdressed": ("cards.production.listeners.write_letter_anew",),
    "chip:done": ("cards.production.listeners.finish",),
    "card:produced": (),
    "card:dispatched": (),
    # The employer is told what no longer holds, and when it holds again.
    "cards:validity_changed": ("orders.listeners.note_validity",),
    "card:blocked": ("cards.production.listeners.cancel",),
}
