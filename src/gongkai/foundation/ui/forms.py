from django import forms

from gongkai.foundation.ui.preferences import CHOICES


class PreferencesForm(forms.Form):
    """How this browser shows the desk (显示设置)."""

    theme = forms.ChoiceField(label="外观", choices=CHOICES["theme"], required=False, widget=forms.RadioSelect)
    size = forms.ChoiceField(label="字号", choices=CHOICES["size"], required=False, widget=forms.RadioSelect)
    keys = forms.ChoiceField(
        label="单键快捷键", choices=CHOICES["keys"], required=False, widget=forms.RadioSelect, help_text="关掉后，只留 F8 和带 Ctrl 的键。"
    )
