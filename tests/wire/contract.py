# SPDX-License-Identifier: Apache-2.0
"""Refuses a change to the wire contract that would break a client that exists.

    python3 tests/wire/contract.py PROTO_FOLDER BASELINE           # compare; exit 1 on a break
    python3 tests/wire/contract.py PROTO_FOLDER BASELINE --keep    # write the baseline anew

The baseline is a FileDescriptorSet, kept in the tree, of the contract as it was last released. What
may happen to it: new files, messages, fields, enum values, services and methods. What may not:
anything that was there goes away, or changes its number, name, type or shape. Comments do not
count. `./dev lint` asks buf the same, and more about style; this test needs only what the build
needs, so it runs everywhere.
"""

import glob
import os
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2

OURS = "consent/"


def compile_contract(folder):
    """The FileDescriptorSet of all .proto files of ours below `folder`."""
    files = sorted(glob.glob(os.path.join(folder, OURS, "**", "*.proto"), recursive=True))
    with tempfile.TemporaryDirectory() as scratch:
        out = os.path.join(scratch, "set")
        subprocess.run(["protoc", f"-I{folder}", "--include_imports",
                        f"--descriptor_set_out={out}"] + files, check=True)
        with open(out, "rb") as file:
            return descriptor_pb2.FileDescriptorSet.FromString(file.read())


def members(file_set):
    """What the contract promises: a map from each thing's full name to what must stay as it is."""
    promised = {}
    for file in file_set.file:
        if not file.name.startswith(OURS):
            continue
        for message in file.message_type:
            promised.update(message_members(file.package, message))
        for enum in file.enum_type:
            promised.update(enum_members(file.package, enum))
        for service in file.service:
            name = f"{file.package}.{service.name}"
            promised[f"service {name}"] = ""
            for method in service.method:
                promised[f"method {name}.{method.name}"] = (
                    f"{stream(method.client_streaming)}{method.input_type} returns "
                    f"{stream(method.server_streaming)}{method.output_type}")
    return promised


def stream(is_stream):
    return "stream " if is_stream else ""


def message_members(scope, message):
    name = f"{scope}.{message.name}"
    yield f"message {name}", ""
    for field in message.field:
        kind = field.type_name or descriptor_pb2.FieldDescriptorProto.Type.Name(field.type)
        label = descriptor_pb2.FieldDescriptorProto.Label.Name(field.label)
        oneof = ""
        if field.proto3_optional:
            oneof = " optional"
        elif field.HasField("oneof_index"):
            oneof = " in " + message.oneof_decl[field.oneof_index].name
        yield f"field {name}.{field.name}", f"number {field.number}, {label} {kind}{oneof}"
    for nested in message.nested_type:
        yield from message_members(name, nested)
    for enum in message.enum_type:
        yield from enum_members(name, enum)


def enum_members(scope, enum):
    name = f"{scope}.{enum.name}"
    yield f"enum {name}", ""
    for value in enum.value:
        yield f"value {name}.{value.name}", f"number {value.number}"


def breaks(old, new):
    """What of the promises in `old` the contract `new` no longer keeps, as lines for people."""
    kept = members(new)
    for name, was in members(old).items():
        if name not in kept:
            yield f"{name} is gone"
        elif kept[name] != was:
            yield f"{name} was {was} and is {kept[name]}"


def main(folder, baseline, *options):
    contract = compile_contract(folder)
    if "--keep" in options:
        os.makedirs(os.path.dirname(baseline), exist_ok=True)
        with open(baseline, "wb") as file:
            file.write(contract.SerializeToString(deterministic=True))
        print(f"kept {len(members(contract))} promises in {baseline}")
        return 0
    if not os.path.exists(baseline):
        print(f"{baseline} is missing: ./dev lint --keep-baseline writes it")
        return 1
    with open(baseline, "rb") as file:
        old = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    found = list(breaks(old, contract))
    print("\n".join(found + [f"{len(members(old))} promises, {len(found)} broken"]))
    return 1 if found or not members(old) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
