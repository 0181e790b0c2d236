"""The environment → the same with every library told that nothing is to be reported to its makers.

Libraries read these variables as they are imported, so the package sets them before anything else.
"""

import os
from typing import Final

_REPORTS: Final = {
    "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime from 1.29 sends what it runs to its maker, on Linux too
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "DO_NOT_TRACK": "1",
}
# LangSmith would send questions and passages away where another program's settings have it on.
_TRACING: Final = {
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "LANGCHAIN_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_GATEWAY": "false",
    "OTEL_SDK_DISABLED": "true",
}


def switch_off() -> None:
    """Switch the reports of all libraries to their makers off, whatever the environment says."""
    for name, value in _REPORTS.items():
        os.environ[name] = value


def switch_off_tracing() -> None:
    """Switch off, too, what a developer may have wished for other programs: LangSmith and OpenTelemetry."""
    for name, value in _TRACING.items():
        os.environ[name] = value
