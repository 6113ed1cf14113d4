from mockcloud.cloud.call import Call


def check(call: Call) -> None:
    del call
