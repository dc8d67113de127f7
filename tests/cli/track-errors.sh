# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What cannot be asked for of births.
try "dmabuf track"
try "dmabuf track onn"
try "dmabuf track on --stacks 65"
try "dmabuf track on --group nobody-has-this-name"
for option in '--max 5' '--stacks off' '--exporter system' '--group 0'; do
	try "dmabuf track off $option"
	try "dmabuf track status $option"
done
