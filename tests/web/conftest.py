from tests.certificates import certificate as certificate
from tests.certificates import trusted as trusted
from tests.web_server import server as server
