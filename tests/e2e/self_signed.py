"""Certificates for tests."""
import subprocess


def certificate(directory, name):
    """NAME.pem and NAME.key in `directory`: for 127.0.0.1, signed by itself; there at once, also over older ones."""
    made = directory / f"{name}.pem.new", directory / f"{name}.key.new"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-out", made[0],
                    "-keyout", made[1]], check=True, stderr=subprocess.DEVNULL)
    for file in reversed(made):
        file.replace(file.with_suffix(""))
    return directory / f"{name}.pem", directory / f"{name}.key"
