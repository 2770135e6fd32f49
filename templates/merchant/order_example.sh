secret='whsec_...'
body='{"id": "1001", "number": "#1001", "email": "morgan@example.com", "name": "Morgan Reed", "country": "US",
 "placed_at": "{{ placed }}", "fulfilled_at": null,
 "consent": {"basis": "opt_in", "text": "Yes, ask me how it worked out.", "at": "{{ placed }}"},
 "lines": [{"id": "1", "product_id": "200", "title": "Ridge Daypack", "variant_id": "201", "variant": "Moss", "quantity": 1}]}'
id="order-1001-$(date +%s)"
time=$(date +%s)
key=$(printf %s "${secret#whsec_}" | base64 -d | od -An -vtx1 | tr -d ' \n')
signature=$(printf '%s.%s.%s' "$id" "$time" "$body" |
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
curl -sS '{{ address }}' -H 'Content-Type: application/json' \
  -H "webhook-id: $id" -H "webhook-timestamp: $time" -H "webhook-signature: v1,$signature" \
  --data-binary "$body"
