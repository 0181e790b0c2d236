"""What the page says in one language: the form that German and English fill, with dates and numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rag.calendar import written


@dataclass(frozen=True, slots=True)
class Texts:
    """Every word of the page in one language; `{…}` are filled in by `str.format`."""

    language: str  # ISO 639-1
    own_name: str  # of the language, in itself
    day: str  # how a date is written, with {day}, {month} and {year}
    thousands: str  # what stands between thousands
    question_label: str
    question_hint: str
    new_conversation: str
    conversation: str
    greeting: str
    greeting_more: str
    empty: str
    empty_more: str
    index_command: str
    article_one: str
    article_many: str
    local_extractive: str
    local_model: str
    remote_model: str
    nothing_leaves: str
    remote_embedding: str
    remote_store: str
    sources: str
    sources_empty: str
    sources_none: str
    original: str
    all_sources: str
    close_article: str
    choose_article: str
    previous: str
    next: str
    close: str
    citation: str
    nearest: str
    nearest_open: str
    not_cited: str
    show_sources_one: str
    show_sources_many: str
    by_extractive: str
    by_model: str
    by_model_unsupported: str
    translate: str
    translating: str
    translation: str
    unsupported: str
    unsupported_why: str
    abstained: str
    searching: str
    searched: str
    writing: str
    stop: str
    stopped: str
    failed: str
    unexpected: str
    unexpected_hint: str
    again: str
    rephrase: str
    ask: str
    cancel: str
    follow_up: str
    copy: str
    copied: str
    copy_by_hand: str
    copy_link: str
    link_copied: str
    author: str
    undated: str
    publisher_unknown: str
    excerpt: str
    earlier: str
    later: str
    offline: str
    place_gone: str
    ask_about: str
    collection: str
    add_articles: str
    search_articles: str
    since: str
    until: str
    publisher: str
    language_label: str
    filter_note: str
    every: str
    more_articles: str
    search_further: str
    no_match: str
    empty_terminal: str
    edit: str
    edit_article: str
    edit_note: str
    save: str
    guessed: str
    guessable: tuple[tuple[str, str], ...]  # the fields of an article that may be, as a sentence names them
    guess_right: str
    remove: str
    of_article: str
    drop_here: str
    drop_formats: str
    upload_too_large: str
    upload_lost: str
    address_note: str
    address: str
    fetch: str
    paste_text: str
    add: str
    paste: str
    remove_question: str
    remove_note: str
    keep: str
    remove_article: str
    title: str
    author_label: str
    published: str
    web_address: str
    adding: str
    added_count: str
    updated_count: str
    unchanged_count: str
    failed_count: str
    nothing_added: str
    more_failed: str
    from_day: str
    to_day: str
    only_from: str
    undated_left_out: str
    lift_filter: str
    lift_filters: str
    views: str
    history: str
    history_note: str
    history_lost: str
    asked_one: str
    asked_many: str
    followed: str
    followed_open: str
    no_conversations: str
    rename: str
    delete: str
    delete_sure: str
    export_markdown: str
    export_json: str
    log_in: str
    log_out: str
    logged_in_as: str
    user_name: str
    password: str
    login_wrong: str
    login_wait: str
    quote_removed: str
    quote_changed: str
    not_kept: str
    support_weak: str
    support_fair: str
    support_good: str
    support_verbatim: str
    found_by_program: str
    stopped_short: str
    judge_answer: str
    judge_quote: str
    right: str
    wrong: str
    supports: str
    supports_not: str
    settings: str
    answerer: str
    answerer_quotes: str
    answer_language: str
    as_question: str
    passages_label: str
    strictness: str
    strictness_note: str
    usual: str
    settings_note: str
    leaves_machine: str
    runs_locally: str
    differing: str
    differing_figure: str
    correcting: str
    correction: str
    corrected: str
    also_in: str
    months: tuple[str, ...]
    languages: tuple[tuple[str, str], ...]

    def date(self, day: date | None) -> str:
        """Write a day as this language writes it: "8. Dezember 2021", "8 December 2021"."""
        if day is None:
            return self.undated
        return written(day, self.day, self.months)

    def number(self, value: int) -> str:
        """Write a whole number with this language's thousands separator."""
        return f"{value:,}".replace(",", self.thousands)

    def articles(self, count: int) -> str:
        """Say how many articles there are."""
        return (self.article_one if count == 1 else self.article_many).format(count=self.number(count))

    def language_name(self, code: str) -> str:
        """Name an article's language, its code in capitals where it has no name here."""
        return dict(self.languages).get(code, code.upper())
