"""An independent WeChat Pay client drives the sandbox and judges our own client.

The library `wechatpayv3` was written by other people against the real WeChat Pay. What it signs the
sandbox must accept, what the sandbox signs, seals and answers it must accept, and what our client
signs and encrypts `cryptography` must be able to verify and open. Every fact prints one line.
"""

import argparse
import base64
import copy
import http.server
import json
import os
import threading
import urllib.request

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from wechatpayv3 import WeChatPay, WeChatPayType, core

TOTAL_FEN = 10_000
CARD = "6225880000001234"
NAME = "张三"


class Notices(http.server.BaseHTTPRequestHandler):
    """Takes notices and keeps them."""

    received = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Notices.received.append((dict(self.headers), body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Oracle:
    """One run against one sandbox."""

    def __init__(self, options):
        self.options = options
        self.notify_url = f"http://127.0.0.1:{options.notify_port}/notices"
        self.sandbox_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.pay = self.client(self.text("apiclient_key.pem"))
        self.orders = 0

    def text(self, name):
        with open(os.path.join(self.options.keys, name), encoding="utf-8") as file:
            return file.read().strip()

    def client(self, private_key):
        """The library has no option for another host, and in certificate mode its constructor
        already asks for certificates: so the host is pinned in a subclass."""
        base_url = self.options.base_url

        class PinnedCore(core.Core):
            _gate_way = property(lambda self: base_url, lambda self, value: None)

        original, core.Core = core.Core, PinnedCore
        public = self.options.mode != "certificate"
        try:
            return WeChatPay(
                wechatpay_type=WeChatPayType.MINIPROG,
                mchid=self.options.mchid,
                private_key=private_key,
                cert_serial_no=self.options.merchant_serial,
                appid="wxd678efh567hg6787",
                apiv3_key=self.text("apiv3_key.txt"),
                notify_url=self.notify_url,
                proxy={"http": None, "https": None},
                timeout=(5, 10),
                public_key=self.text("pub_key.pem") if public else None,
                public_key_id=self.text("pub_key_id.txt") if public else None,
            )
        finally:
            core.Core = original

    def sandbox(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json"}
        url = f"{self.options.base_url}/sandbox{path}"
        request = urllib.request.Request(url, data=data, headers=headers, method=method)
        with self.sandbox_opener.open(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def paid(self):
        self.orders += 1
        payment = {
            "out_trade_no": f"ORACLE-{self.orders:06}",
            "mchid": self.options.mchid,
            "total_fen": TOTAL_FEN,
        }
        return self.sandbox("PUT", "/transactions", payment)["transaction_id"]

    def pass_seconds(self, seconds):
        self.sandbox("PUT", "/clock", {"advance_seconds": seconds})

    def fault(self, kind):
        self.sandbox("POST", "/faults", {"kind": kind})

    def apply(self, transaction_id, number, pay=None):
        amount = {"refund": TOTAL_FEN, "total": TOTAL_FEN, "currency": "CNY"}
        code, body = (pay or self.pay).refund(
            out_refund_no=number,
            amount=amount,
            transaction_id=transaction_id,
            reason="商品破损",
        )
        return code, json.loads(body)

    def query(self, number):
        code, body = self.pay.query_refund(number)
        return code, json.loads(body)

    def run(self):
        self.refund()
        self.notice()
        self.refusals()
        self.abnormal_refund()
        self.our_client()

    def refund(self):
        transaction_id = self.paid()
        code, refund = self.apply(transaction_id, "O-1")
        fact("apply is accepted", (code, refund["status"]), (200, "PROCESSING"))
        fact("channel", refund["channel"], "ORIGINAL")
        amount = refund["amount"]
        fact("amounts", [amount["refund"], amount["payer_refund"]], [TOTAL_FEN, TOTAL_FEN])
        code, again = self.apply(transaction_id, "O-1")
        fact("apply again is the same refund", (code, again), (200, refund))
        self.pass_seconds(5)
        code, done = self.query("O-1")
        fact("query says done", (code, done["status"]), (200, "SUCCESS"))
        fact("success time is china's", done["success_time"][-6:], "+08:00")

    def notice(self):
        (headers, body), = Notices.received
        opened = self.pay.callback(headers, body)
        fact("notice is verified and opened", opened["event_type"], "REFUND.SUCCESS")
        inner = opened["resource"]
        fact("notice names the refund", inner["out_refund_no"], "O-1")
        fact("notice says refund_status", inner["refund_status"], "SUCCESS")
        keys = ["payer_refund", "payer_total", "refund", "total"]
        fact("notice keys", sorted(inner["amount"]), keys)
        refused("notice with a changed body", lambda: self.pay.callback(headers, body + b" "))
        changed = dict(copy.deepcopy(headers))
        stamp = "wechatpay-timestamp"
        for name in [name for name in changed if name.lower() == stamp]:
            changed[name] = str(int(changed[name]) + 1)
        refused("notice with another timestamp", lambda: self.pay.callback(changed, body))
        resource = json.loads(body)["resource"]
        fact("associated data", resource["associated_data"], "refund")
        refused("notice opened with other associated data", lambda: self.unseal(resource, b""))
        raw = bytearray(base64.b64decode(resource["ciphertext"]))
        raw[-1] ^= 1
        resource["ciphertext"] = base64.b64encode(raw).decode()
        refused("notice with a changed tag", lambda: self.unseal(resource, b"refund"))

    def unseal(self, resource, associated_data):
        key = AESGCM(self.text("apiv3_key.txt").encode())
        cipher = base64.b64decode(resource["ciphertext"])
        return key.decrypt(resource["nonce"].encode(), cipher, associated_data)

    def refusals(self):
        code, error = self.query("NOBODY")
        fact("unknown refund", (code, error["code"]), (404, "RESOURCE_NOT_EXISTS"))
        balance = f"/merchants/{self.options.mchid}/balance"
        self.sandbox("PUT", balance, {"balance_fen": 0})
        transaction_id = self.paid()
        code, error = self.apply(transaction_id, "O-2")
        message = "基本账户余额不足，请充值后重新发起"
        expected = (403, {"code": "NOT_ENOUGH", "message": message})
        fact("no money", (code, error), expected)
        self.sandbox("PUT", balance, {"balance_fen": 1_000_000})
        for kind in ["answer_probe", "answer_tampered"]:
            self.fault(kind)
            refused(kind, lambda: self.apply(transaction_id, "O-2"))
        code, refund = self.query("O-2")
        got = (code, refund["status"])
        fact("refused answers were accepted applications", got, (200, "PROCESSING"))
        if self.options.mode == "public_key":
            stranger = self.client(self.text("stranger_key.pem"))
            code, error = self.apply(transaction_id, "O-3", stranger)
            fact("another merchant's signature", (code, error["code"]), (401, "SIGN_ERROR"))
            issue = error["detail"]["detail"]["issue"]
            fact("issue", issue, "sign not match")

    def abnormal_refund(self):
        transaction_id = self.paid()
        self.fault("refund_abnormal")
        _, refund = self.apply(transaction_id, "O-4")
        self.pass_seconds(5)
        fact("abnormal", self.query("O-4")[1]["status"], "ABNORMAL")
        code, body = self.pay.abnormal_refund(
            refund_id=refund["refund_id"],
            out_refund_no="O-4",
            type="USER_BANK_CARD",
            bank_type="CMB_DEBIT",
            bank_account=CARD,
            real_name=NAME,
        )
        again = json.loads(body)
        fact("abnormal refund is accepted", (code, again["status"]), (200, "PROCESSING"))
        self.pass_seconds(40)
        _, done = self.query("O-4")
        got = (done["status"], done["channel"])
        fact("abnormal refund is done", got, ("SUCCESS", "OTHER_BANKCARD"))
        fact("card", done["user_received_account"], "招商银行借记卡1234")
        # Notices of different refunds may overtake each other; those of one are seconds apart here.
        notices = [self.pay.callback(*one) for one in Notices.received]
        own = [one for one in notices if one["resource"]["out_refund_no"] == "O-4"]
        events = [one["event_type"] for one in own]
        fact("events", events, ["REFUND.ABNORMAL", "REFUND.SUCCESS"])

    def our_client(self):
        """What our Rust client signed, encrypted and sealed, judged by `cryptography`."""
        with open(self.options.proof, encoding="utf-8") as file:
            proof = json.load(file)
        items = proof["authorization"].split(" ", 1)[1].split(",")
        fields = {key: value.strip('"') for key, value in (item.split("=", 1) for item in items)}
        lines = [proof["method"], proof["url"]]
        lines += [fields["timestamp"], fields["nonce_str"], proof["body"]]
        message = "".join(line + "\n" for line in lines).encode()
        merchant = load_pem_private_key(self.text("apiclient_key.pem").encode(), None).public_key()
        signature = base64.b64decode(fields["signature"])
        merchant.verify(signature, message, PKCS1v15(), SHA256())
        fact("our signature", fields["mchid"], self.options.mchid)
        try:
            merchant.verify(signature, message + b" ", PKCS1v15(), SHA256())
            raise SystemExit("FAILED our signature fits another message")
        except InvalidSignature:
            print("ok our signature fits no other message")
        platform_key = load_pem_private_key(self.text(proof["platform_key"]).encode(), None)
        padding = OAEP(mgf=MGF1(algorithm=SHA1()), algorithm=SHA1(), label=None)
        for name, expected in [("bank_account", CARD), ("real_name", NAME)]:
            plain = platform_key.decrypt(base64.b64decode(proof[name]), padding)
            fact(f"our encrypted {name}", plain.decode(), expected)
        sealed = proof["sealed"]
        plain = self.unseal(sealed, sealed["associated_data"].encode())
        fact("our sealed text", plain.decode(), NAME)


def fact(name, got, expected):
    if got != expected:
        raise SystemExit(f"FAILED {name}: {got!r} is not {expected!r}")
    print(f"ok {name}")


def refused(name, attempt):
    """The library says no with None or with one exception, `cryptography` with InvalidTag; any
    other trouble is trouble."""
    try:
        got = attempt()
    except InvalidTag:
        got = None
    except Exception as error:
        if str(error) != "failed to verify the signature":
            raise
        got = None
    if got is not None:
        raise SystemExit(f"FAILED {name} was believed")
    print(f"ok {name} is refused")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--mchid", required=True)
    parser.add_argument("--mode", choices=["public_key", "certificate", "switching"], required=True)
    parser.add_argument("--keys", required=True, help="folder of the sandbox's keys")
    parser.add_argument("--merchant-serial", required=True)
    parser.add_argument("--proof", required=True, help="what our client signed and sealed, JSON")
    parser.add_argument("--notify-port", type=int, required=True)
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", options.notify_port), Notices)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Oracle(options).run()
    server.shutdown()
    print("ok all")


if __name__ == "__main__":
    main()
