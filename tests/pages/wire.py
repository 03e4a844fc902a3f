"""The application as a client of one's own speaks with it: Streamlit's messages over its socket, forged where one
likes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.util import calc_hash
from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect

PATIENCE = 90.0
AGAIN = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN


@dataclass
class Heard:
    """What came over the socket: every byte, and every message."""

    sent: bytes = b""
    messages: list[ForwardMsg] = field(default_factory=list)

    def add(self, received: bytes) -> ForwardMsg:
        """Keeps one more message."""
        message = ForwardMsg.FromString(received)
        self.sent += received
        self.messages.append(message)
        return message

    def kept(self) -> list[str]:
        """What Streamlit calls the messages that a browser keeps, so that the next run only names them."""
        return [message.hash for message in self.messages if message.metadata.cacheable]

    def elements(self) -> list[Any]:
        """Every element that was to be drawn."""
        deltas = (message.delta for message in self.messages if message.WhichOneof("type") == "delta")
        return [delta.new_element for delta in deltas if delta.WhichOneof("type") == "new_element"]

    def texts(self) -> list[str]:
        """What the elements of text say, in the main part and in the sidebar."""
        return [element.markdown.body for element in self.elements() if element.WhichOneof("type") == "markdown"]

    def menu(self) -> list[str]:
        """The addresses of the pages that the menu shows."""
        (sent,) = [message.navigation for message in self.messages if message.WhichOneof("type") == "navigation"][-1:]
        return [page.url_pathname for page in sent.app_pages if not page.is_hidden]

    def widgets(self) -> list[str]:
        """What Streamlit calls each widget."""
        inner = [getattr(element, str(element.WhichOneof("type"))) for element in self.elements()]
        return [found.id for found in inner if getattr(found, "id", "").startswith("$$ID")]

    def popovers(self) -> dict[str, str]:
        """From the key of each button whose content is drawn when it is opened to what Streamlit calls it."""
        blocks = (message.delta.add_block for message in self.messages if message.WhichOneof("type") == "delta")
        return {block.popover.id.rpartition("-")[2]: block.popover.id for block in blocks if block.popover.id}

    def opened(self, key: str) -> WidgetState:
        """What a browser says of such a button once it is opened."""
        return WidgetState(id=self.popovers()[key], bool_value=True)

    def files(self) -> dict[str, str]:
        """From the key of each download button to what Streamlit calls its file."""
        buttons = (element.download_button for element in self.elements() if element.HasField("download_button"))
        return {button.id.rpartition("-")[2]: button.deferred_file_id for button in buttons}


@dataclass
class Wire:
    """One session."""

    socket: ClientConnection
    session_id: str = ""

    def run(
        self,
        query: Mapping[str, Any],
        *,
        page: str = "",
        page_hash: str = "",
        widgets: Sequence[WidgetState] = (),
        kept: Sequence[str] = (),
    ) -> Heard:
        """Asks for a run as a browser would, by a page's address or by its hash, and hears all of it. ``kept``: what
        it has of earlier runs."""
        asked = BackMsg()
        asked.rerun_script.query_string = urlencode(query, doseq=True)
        asked.rerun_script.page_name = page
        asked.rerun_script.page_script_hash = page_hash
        asked.rerun_script.widget_states.widgets.extend(widgets)
        asked.rerun_script.cached_message_hashes.extend(kept)
        self.socket.send(asked.SerializeToString())
        heard = self._heard("script_finished")
        (begun, *_) = [message.new_session for message in heard.messages if message.WhichOneof("type") == "new_session"]
        self.session_id = begun.initialize.session_id
        return heard

    def _heard(self, last: str) -> Heard:
        """Up to the last message of a kind; a run that starts anew, as when it goes to another page, is no last one."""
        heard = Heard()
        while True:
            message = heard.add(self.socket.recv(timeout=PATIENCE, decode=False))
            if message.WhichOneof("type") == last and message.script_finished != AGAIN:
                return heard

    def download(self, file_id: str) -> str:
        """Asks for a file that is made when it is asked for: its address on the server, empty where it is refused."""
        request = BackendOperationRequest(request_id=uuid4().hex, session_id=self.session_id)
        asked = BackMsg(backend_operation_request=request)
        asked.backend_operation_request.deferred_file.file_id = file_id
        self.socket.send(asked.SerializeToString())
        answer = self._heard("backend_operation_response").messages[-1]
        return answer.backend_operation_response.deferred_file.url


def hash_of(page: str) -> str:
    """What Streamlit calls a page, in its messages: made of its address alone, so anybody can make it."""
    return calc_hash(page)


@contextmanager
def session(address: str, **headers: str) -> Iterator[Wire]:
    """A new session with the server at the address, asked for with these headers too."""
    url = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    streamlit = [Subprotocol("streamlit")]
    with connect(
        url, subprotocols=streamlit, max_size=None, open_timeout=PATIENCE, additional_headers=headers
    ) as socket:
        yield Wire(socket)
