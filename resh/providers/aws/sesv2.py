"""SES: the domains and addresses that mail is sent from. The catalog of `aws/provider.py`."""

from __future__ import annotations

from resh.providers.catalog import Action, Call, Day, Detail, Resource

GONE = ("NotFoundException",)
_IDENTITY = Call("sesv2", "get_email_identity", "@", {"EmailIdentity": "{id}"})

IDENTITY = Resource(
    kind="aws_ses_email_identity",
    description="A domain or an address that mail may be sent from, with its policies and signatures.",
    call=Call("sesv2", "list_email_identities", "EmailIdentities"),
    id="IdentityName",
    name="IdentityName",
    arn="arn:{partition}:ses:{region}:{account}:identity/{id}",
    fields={
        # It is checked again and again.
        "verification_info": "VerificationInfo.{ErrorType: ErrorType, SOARecord: SOARecord}",
        "last_checked": Day("VerificationInfo.LastCheckedTimestamp"),
        "last_success": Day("VerificationInfo.LastSuccessTimestamp"),
    },
    details=(Detail(_IDENTITY, into="", absent=GONE),),
    read={},
    gone=GONE,
    volatile=("last_checked", "last_success"),
    delete=Action("delete_email_identity", {"EmailIdentity": "{id}"}),
    tag=Action("tag_resource", {"ResourceArn": "{arn}", "Tags": [{"Key": "{key}", "Value": "{value}"}]}),
    untag=Action("untag_resource", {"ResourceArn": "{arn}", "TagKeys": ["{key}"]}),
)

RESOURCES = (IDENTITY,)
