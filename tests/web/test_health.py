from reviews_app.factory import create_app


def test_a_running_process_says_it_is_alive() -> None:
    answer = create_app().test_client().get("/health/live")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ok"}
