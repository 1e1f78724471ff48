from tests.web_server import server as server
