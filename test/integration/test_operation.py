"""Starting, stopping, being killed, backing up and restoring: the server as its operator meets it."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import unittest
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from house import Client, House


class OperationTest(unittest.TestCase):
    def house(self, **more):
        house = House(**more)
        self.addCleanup(house.close)
        return house

    def admin(self, house):
        client = Client(house)
        client.settle(house.account("province_admin"))
        return client

    def read(self, house, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{house.port}{path}", timeout=30) as answer:
            return answer.read().decode()

    def test_stops_in_order_and_starts_again_with_everything_there(self):
        house = self.house().start()
        client = self.admin(house)
        client.call("PATCH", "/me", {"phone": "0123456789"})
        self.assertEqual(house.stop(signal.SIGINT), 0)
        house.start()
        client.close()
        self.assertEqual(client.get("/me")["account"]["phone"], "0123456789")
        self.assertEqual(house.stop(signal.SIGTERM), 0)

    def test_a_killed_server_keeps_what_it_acknowledged(self):
        house = self.house().start()
        client = self.admin(house)
        acknowledged = []

        def write(n):
            other = Client(house)
            other.cookie, other.csrf = client.cookie, client.csrf
            for i in range(200):
                phone = f"{n:03d}{i:06d}"
                other.call("PATCH", "/me", {"phone": phone})
                acknowledged.append(phone)
                if len(acknowledged) == 60:
                    house.process.send_signal(signal.SIGKILL)

        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(write, n) for n in range(4)]:
                self.assertIsNotNone(done.exception())
        house.process.wait(timeout=60)
        house.forget_process()
        kept = [json.loads(line) for line in house.command("audit", "jsonl").stdout.splitlines()]
        phones = {line["after"].get("phone") for line in kept if line["after"]}
        self.assertEqual([p for p in acknowledged if p not in phones], [])
        self.assertIn("whole", house.command("audit", "verify").stdout)

    def test_stopping_with_work_under_way_ends_in_order(self):
        house = self.house().start()
        body = json.dumps({"login": "khong.co", "password": "mật khẩu dài"}).encode()

        def sign_in(_):
            try:
                Client(house).send("POST", "/api/v1/session", body, {"Content-Type": "application/json"})
            except OSError:
                pass  # cut by the second signal

        with ThreadPoolExecutor(16) as pool:
            done = [pool.submit(sign_in, n) for n in range(64)]
            done[0].result()
            house.process.send_signal(signal.SIGTERM)
            house.process.send_signal(signal.SIGTERM)
            code = house.process.wait(timeout=60)
        house.forget_process()
        self.assertEqual(code, 0)

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    def test_started_as_root_it_becomes_its_own_user_and_keeps_no_privilege(self):
        house = self.house(settings={"user": "nobody"}).start()
        status = Path(f"/proc/{house.process.pid}/status").read_text()
        lines = dict(line.split(":", 1) for line in status.splitlines())
        self.assertNotIn("0", lines["Uid"].split())
        self.assertEqual({lines[name].strip() for name in ("CapEff", "CapPrm", "CapInh")}, {"0" * 16})
        self.assertEqual(lines["NoNewPrivs"].strip(), "1")
        files = [p for p in Path(house.folder).iterdir() if p.name != "server.log"]
        loose = [(p.name, p.stat().st_uid, oct(p.stat().st_mode)) for p in files
                 if p.stat().st_uid == 0 or p.stat().st_mode & 0o077]
        # The signer reads its key while it is still root, so that the server's account cannot.
        self.assertEqual(loose, [("signer.key", 0, "0o100600")])
        self.admin(house).call("PATCH", "/me", {"phone": "0333333333"})

    def test_answers_health_and_figures(self):
        house = self.house().start()
        self.assertEqual(self.read(house, "/healthz"), "ok\n")
        figures = self.read(house, "/metrics")
        for name in ("loa_http_requests_total", "loa_store_commits_total", "loa_uptime_seconds"):
            self.assertRegex(figures, rf"(?m)^{name} \d+$")

    def test_a_backup_taken_while_running_can_be_restored(self):
        house = self.house().start()
        client = self.admin(house)
        client.call("PATCH", "/me", {"phone": "0999999999"})
        place = tempfile.mkdtemp(prefix="loa-test-")
        self.addCleanup(shutil.rmtree, place, True)
        backup, again = os.path.join(place, "backup"), os.path.join(place, "again")
        house.command("backup", backup)
        house.command("verify", backup)
        house.stop()
        other = House(folder=again, demo=False)
        other.command("restore", backup)
        self.assertNotEqual(other.command("restore", backup, check=False).returncode, 0)
        other.command("verify")
        other.start()
        self.addCleanup(other.stop, signal.SIGKILL)
        client.house = other
        client.close()
        self.assertEqual(client.get("/me")["account"]["phone"], "0999999999")

    def test_a_damaged_backup_is_refused(self):
        house = self.house()
        place = tempfile.mkdtemp(prefix="loa-test-")
        self.addCleanup(shutil.rmtree, place, True)
        backup = os.path.join(place, "backup")
        house.command("backup", backup)
        biggest = max((p for p in Path(backup).rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
        data = bytearray(biggest.read_bytes())
        data[len(data) // 2] ^= 1
        os.chmod(biggest, 0o600)
        biggest.write_bytes(data)
        self.assertNotEqual(house.command("verify", backup, check=False).returncode, 0)
        other = House(folder=os.path.join(place, "again"), demo=False)
        self.assertNotEqual(other.command("restore", backup, check=False).returncode, 0)

    def test_settings_are_checked_without_starting(self):
        house = self.house(demo=False)
        self.assertEqual(house.command("-n").returncode, 0)
        house.settings = {"listen": "0.0.0.0:80"}
        refused = house.command("-n", check=False)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("tls_certificate", refused.stderr)
        Path(house.folder, "loa.conf").write_text("lissten = 1\n")
        house.settings = {}
        self.assertIn("line 1: unknown key: lissten", house.command("-n", check=False).stderr)

    def test_the_sample_settings_file_is_itself_right(self):
        house = self.house(demo=False)
        sample = house.command("settings", "sample").stdout
        uncommented = "\n".join(line[1:] if line.startswith("#") and not line.startswith("# ") else line
                                for line in sample.splitlines())
        Path(house.folder, "loa.conf").write_text(uncommented)
        self.assertEqual(house.command("-n").returncode, 0)

    def test_a_lost_administrator_gets_back_in(self):
        house = self.house()
        account = house.account("province_admin")
        password = house.command("account", "reset", account["login"]).stdout.strip()
        house.start()
        session = Client(house).sign_in(account["login"], password)
        self.assertEqual(session["state"], "signed_in")
        self.assertIn("change_password", session["must"])

    def test_a_full_disk_is_said_and_nothing_acknowledged_is_lost(self):
        house = self.house().start()
        client = self.admin(house)
        client.call("PATCH", "/me", {"phone": "0111111111"})
        limit = sum(p.stat().st_size for p in Path(house.folder).glob("loa.sqlite*"))
        subprocess.run(["prlimit", f"--pid={house.process.pid}", f"--fsize={limit // 2}:{1 << 40}"], check=True)
        statuses = {client.send("PATCH", "/api/v1/me", {"phone": f"{n:010d}"})[0] for n in range(50)}
        self.assertTrue(statuses & {507, 500, 503}, statuses)
        subprocess.run(["prlimit", f"--pid={house.process.pid}", f"--fsize={1 << 40}:{1 << 40}"], check=True)
        client.call("PATCH", "/me", {"phone": "0222222222"})
        self.assertIn("whole", house.command("audit", "verify").stdout)


if __name__ == "__main__":
    unittest.main()
