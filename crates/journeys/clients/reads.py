"""georeport, the Python client that knows every city's Open311, reads ours in JSON and in XML."""

import sys
import unittest

from georeport import GeoReport

BASE = ""


class Reads:
    """The same reads in both formats; an XML list of one comes as a single dict, as clients must bear."""

    output_format = ""

    def setUp(self):
        self.city = GeoReport(BASE + "/open311/v2", output_format=self.output_format)

    def test_services_have_codes_and_names(self):
        services = self.city.get_service_list()
        self.assertGreater(len(services), 1)
        for service in services:
            self.assertTrue(service["service_code"].isascii(), service)
            self.assertTrue(service["service_name"], service)
            self.assertIn(service["metadata"], ("true", "false"))
            self.assertIn(service["type"], ("realtime", "batch", "blackbox"))

    def test_a_service_with_questions_says_them(self):
        asking = [s for s in self.city.get_service_list() if s["metadata"] == "true"]
        self.assertTrue(asking, "the demo city has a service that asks something")
        definition = self.city.get_service_definition(asking[0]["service_code"])
        self.assertEqual(definition["service_code"], asking[0]["service_code"])
        self.assertTrue(definition["attributes"])

    def test_requests_are_open_or_closed(self):
        requests = self.city.get_service_requests()
        self.assertGreater(len(requests), 1)
        for request in requests:
            self.assertIn(request["status"], ("open", "closed"))
            self.assertTrue(request["requested_datetime"].isascii())
        for wanted in ("open", "closed"):
            for request in self.city.get_service_requests(status=wanted):
                self.assertEqual(request["status"], wanted)

    def test_one_request_is_the_one_in_the_list(self):
        listed = self.city.get_service_requests()[0]
        one = self.city.get_service_request(listed["service_request_id"])
        self.assertEqual(one["service_request_id"], listed["service_request_id"])
        self.assertEqual(one["service_name"], listed["service_name"])

    def test_two_requests_by_their_ids(self):
        ids = [r["service_request_id"] for r in self.city.get_service_requests()[:2]]
        found = self.city.get_service_requests(service_request_id=",".join(ids))
        self.assertEqual({r["service_request_id"] for r in found}, set(ids))


class Json(Reads, unittest.TestCase):
    output_format = "json"


class Xml(Reads, unittest.TestCase):
    output_format = "xml"


if __name__ == "__main__":
    BASE = sys.argv.pop(1)
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[__name__])
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors)
    print(f"georeport: {result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed or not result.testsRun else 0)
