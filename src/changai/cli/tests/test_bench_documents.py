"""The measurement of letters runs and prints its ratios."""

import argparse

from changai.cli import bench


def test_letters_are_measured_beside_python_docx(capsys):
    parser = argparse.ArgumentParser()
    bench.register(parser.add_subparsers())
    arguments = parser.parse_args(["bench", "documents", "--letters", "2"])
    assert arguments.run(arguments) == 0
    printed = capsys.readouterr().out
    for line in ("our .docx", "python-docx", "our PDF", "2 feedback letters"):
        assert line in printed
