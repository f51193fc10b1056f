from gongkai.foundation.ui.registry import register_counter

__all__ = ["register_counter"]
