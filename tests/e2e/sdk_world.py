"""What merchants' clients are tested against: the service with keys and a fleet of two, over real sockets."""
import json
import signal
import subprocess


class World:
    """The service and a fleet of two, as processes of their own; ports are kept over a restart. `more` joins the
    configuration."""

    def __init__(self, swiftlet, source, directory, more=""):
        self.swiftlet, self.source, self.more = swiftlet, source, more
        self.folder = directory / "keys"
        self.config, self.log = directory / "serve.toml", directory / "serve.log"
        for role, name in (("server", "server"), ("merchant", "M1"), ("merchant", "M2"), ("drone", "D01"),
                           ("drone", "D02")):
            subprocess.run([self.swiftlet, "keys", "create", role, name, "--dir", self.folder], check=True,
                           stderr=subprocess.DEVNULL)
        self.write(directory, "*", "*")
        self.serve()
        ports = [self.ready[door].rsplit(":", 1)[1] for door in ("merchants", "drones")]
        self.write(directory, *ports)
        self.fleet = subprocess.Popen(
            [self.swiftlet, "fly", "--connect", self.ready["drones"], "--drones", "2", "--server-key",
             self.folder / "server.key", "--key", self.folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def write(self, directory, merchants, drones):
        self.config.write_text(
            f'[service]\nregion = "{self.source}/maps/regions/harbour/region.toml"\ndata_dir = "{directory}/data"\n'
            f'speed = 30.0\n[merchants]\nbind = "tcp://127.0.0.1:{merchants}"\n'
            f'[drones]\nbind = "tcp://127.0.0.1:{drones}"\n[http]\nbind = "127.0.0.1:0"\n'
            f'[security]\nkeys_dir = "{self.folder}"\n'
            f'{self.more}[[drone]]\nid = "D01"\nhome_pad = "H1"\n[[drone]]\nid = "D02"\nhome_pad = "H1"\n')

    def serve(self):
        with open(self.log, "a", encoding="utf-8") as log:
            self.service = subprocess.Popen([self.swiftlet, "serve", "--config", self.config], stdout=subprocess.PIPE,
                                            stderr=log)
        self.ready = json.loads(self.service.stdout.readline())

    def kill(self):
        self.service.send_signal(signal.SIGKILL)
        self.service.wait()

    def close(self):
        for process in (self.fleet, self.service):
            process.terminate()
            process.wait()
