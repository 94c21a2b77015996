"""Forms as spreadsheets: the XForm that pyxform makes of a sheet becomes a flow like any other."""

from dialogs.xform.flow import SheetFlow, flow_of
from dialogs.xform.form import Form
from dialogs.xform.reading import read_form
from dialogs.xform.trouble import Remark, SheetRefused, Trouble

__all__ = ["Form", "Remark", "SheetFlow", "SheetRefused", "Trouble", "flow_of", "read_form"]
