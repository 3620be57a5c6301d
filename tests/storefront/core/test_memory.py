"""A dictionary that never grows beyond its limit."""

import threading

from storefront.core.memory import Memory


def test_keep_beyond_the_limit_drops_what_was_not_used() -> None:
    memory: Memory[str, int] = Memory(8)
    for number in range(8):
        memory.keep(f"k{number}", number)
    memory.find("k0")

    memory.keep("k8", 8)

    assert memory.find("k0") == 0
    assert memory.find("k1") is None
    assert (len(memory), memory.cost) == (8, 8)


def test_keep_counts_what_values_cost() -> None:
    memory: Memory[str, bytes] = Memory(100)

    for number in range(50):
        memory.keep(f"k{number}", b"", cost=20)

    assert memory.cost <= 100
    assert len(memory) == 5


def test_keep_a_value_too_dear_forgets_the_old_one() -> None:
    memory: Memory[str, int] = Memory(100)
    memory.keep("k", 1, cost=10)

    memory.keep("k", 2, cost=26)

    assert memory.find("k") is None
    assert memory.cost == 0


def test_keep_again_replaces_value_and_cost() -> None:
    memory: Memory[str, int] = Memory(100)
    memory.keep("k", 1, cost=10)

    memory.keep("k", 2, cost=20)

    assert (memory.find("k"), memory.cost) == (2, 20)


def test_drop_and_clear_give_the_room_back() -> None:
    memory: Memory[str, int] = Memory(100)
    memory.keep("a", 1, cost=10)
    memory.keep("b", 1, cost=10)

    memory.drop("a")
    memory.drop("nothing")

    assert (list(memory), memory.cost) == (["b"], 10)
    memory.clear()
    assert (list(memory), memory.cost) == ([], 0)


def test_keep_from_many_threads_stays_within_the_limit() -> None:
    memory: Memory[int, int] = Memory(50)

    def work(start: int) -> None:
        for number in range(start, start + 3_000):
            memory.keep(number % 97, number)
            memory.find(number % 89)

    threads = [threading.Thread(target=work, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(memory) == memory.cost == 50
