"""What the database itself refuses of this app (触发器清单): what a sealed file is, where it lies and its check value never change."""

from gongkai.foundation.triggers.kinds import RowEvent, Trigger

TRIGGERS = (
    Trigger(
        name="attachment_unchanged",
        table="attachments_attachment",
        event=RowEvent.UPDATE,
        columns=("uuid", "name", "media_type", "size", "sha256", "stored_as", "at"),
        message="附件封存以后不能再改。要换，请重新上传。",
        yields_to_purge=True,
    ),
)
