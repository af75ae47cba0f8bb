"""The page of benchmarks keeps what was not measured again."""

from benchmarks.__main__ import heading, page, section, sections

PRINTED = "Told to people\n\n| figure | value |\n| ------ | ----- |\n| clusters | 8 |\n[{}]\n"


def test_a_section_measured_again_takes_the_place_of_its_own_only():
    first = {
        name: section(name, PRINTED, "1.0 min, on a day", 0) for name in ("tables", "audience")
    }
    again = section("tables", PRINTED.replace("8", "9"), "2.0 min, on another day", 0)
    text = page(sections(page(first)) | {"tables": again})
    assert text.startswith(heading())
    assert sections(text) == {"audience": first["audience"], "tables": again}
    assert text.index("## audience") < text.index("## tables")
    assert "[{" not in text and "| clusters | 9 |" in text


def test_a_section_of_no_benchmark_is_dropped():
    held = {"tables": section("tables", PRINTED, "1.0 min, on a day", 0)}
    assert sections(page(held).replace("## tables", "## nothing")) == {}


def test_a_benchmark_that_failed_says_so():
    assert section("tables", "", "0.1 min", 3) == (
        "## tables\n\nCould not be carried out (exit code 3)."
    )
